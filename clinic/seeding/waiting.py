"""What waits for somebody in the synthetic clinic: each left there by the verb a person would have used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import transaction

from clinic import careteam, children, courses, enrolment
from clinic.models import CareTeamMember, Enrolment, PatientIdentifier
from clinic.seeding.editions import FIRST, SECOND
from clinic.seeding.people import GIVEN, TWIN_NUMBER
from clinic.seeding.seed import record_number
from clinic.seeding.states import STATES
from clinic.seeding.story import invented_weight
from protocols import drafting, signing
from protocols.models import ProtocolEdition

if TYPE_CHECKING:
    from clinic.seeding.place import Place

# RFC 2606: no mail server delivers to this, so the letter is refused for good.
GONE_ADDRESS = "desk@closed-practice.invalid"


@transaction.atomic
def leave_waiting(here: Place, there: Place) -> None:
    """Leave one of each for somebody at the first clinic. Twice is once; a few children are too few."""
    seeded = here.clinic.enrolments.count() >= len(STATES)
    if not seeded or PatientIdentifier.objects.filter(value=TWIN_NUMBER).exists():
        return
    born_together(child_of(here, "tapering"), here)
    plan_a_course(child_of(here, "diagnosed"), here)
    close_the_practice(child_of(here, "two-mechanisms-failed"), here)
    offer(child_of(there, "first-week"), there, to=here)
    offer_a_newer_edition(here)


def child_of(place: Place, state: str) -> Enrolment:
    """The first child of a clinic in a state."""
    number = record_number([name for name, *_ in STATES].index(state))
    rows = Enrolment.objects.filter(clinic=place.clinic, patient__identifiers__value=number)
    return rows.select_related("patient", "clinic").get()


def _who(place: Place) -> dict[str, Any]:
    return {"by": place.nurse, "now": place.now}


def born_together(child: Enrolment, place: Place) -> None:
    """A twin: the same surname and birth date."""
    first = child.patient
    another_name = next(name for name in GIVEN[first.sex] if name != first.given_names)
    twin = children.register_child(
        clinic=place.clinic,
        family_name=first.family_name,
        given_names=another_name,
        birth_date=first.birth_date,
        sex=first.sex,
        language=first.language,
        identifiers=[(place.clinic.mrn_system, TWIN_NUMBER)],
        is_synthetic=True,
        **_who(place),
    )
    enrolment.enrol(patient=twin, clinic=place.clinic, **_who(place))


def plan_a_course(child: Enrolment, place: Place) -> None:
    """A calendar that nobody has looked at but the nurse who planned it."""
    regimen, today = place.regimens["prednisolone"], place.clinic.local_date(place.now)
    courses.plan_course(
        enrolment=child,
        protocol_edition=regimen.edition,
        start_on=today,
        weight_kg=invented_weight(child.patient, on=today),
        products={regimen.drug.key: regimen.product.key},
        choices=regimen.choices,
        **_who(place),
    )


def close_the_practice(child: Enrolment, place: Place) -> None:
    """A pediatrician whose address has gone: the next letter there is refused for good."""
    for member in CareTeamMember.objects.filter(
        patient=child.patient, clinic=place.clinic, role="pediatrician", ended_on=None
    ):
        careteam.take_off_team(member=member, **_who(place))
    gone = careteam.add_contact(
        clinic=place.clinic,
        name="Dr. Gone Moved-Away",
        practice="Closed Demo Practice",
        phone="+1 555 0124",
        email=GONE_ADDRESS,
        is_synthetic=True,
        **_who(place),
    )
    careteam.confirm_address(contact=gone, **_who(place))
    careteam.add_to_team(
        patient=child.patient, clinic=place.clinic, contact=gone, role="pediatrician", **_who(place)
    )


def offer(child: Enrolment, place: Place, *, to: Place) -> None:
    """A child that another clinic hands over."""
    enrolment.offer_transfer(enrolment=child, to_clinic=to.clinic, **_who(place))


def offer_a_newer_edition(place: Place) -> None:
    """An edition that says the same again takes over: a prescriber may accept it child by child."""
    lead, neurologist = (User.objects.get(username=name) for name in (FIRST, SECOND))
    edition = ProtocolEdition.objects.get(pk=place.regimens["vigabatrin"].edition.pk)
    said = "Read again by the demo clinic against its sources; no dose differs."
    clone = drafting.clone_edition(edition, reason=said, by=lead, now=place.now)
    signing.check_edition(clone, by=lead, now=place.now)
    once = signing.sign_edition(clone, role="pathway lead", by=lead, now=place.now)
    both = signing.sign_edition(once, role="neurologist", by=neurologist, now=place.now)
    today = place.clinic.local_date(place.now)
    signing.put_in_force(both, on=today, by=lead, now=place.now)
    signing.retire(edition, on=today, by=lead, now=place.now)
