"""Which role may do what. Roles are Django groups; what they may do is this table and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from clinic.access import MACHINE
from clinic.models import Membership
from protocols.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clinic.models import Actor, Clinic

Role = Membership.Role

# What each act asks for, and which roles have it. A nurse follows and records; a neurologist decides; a lead
# sets the clinic up; only a neurologist waives the deciding EEG or the referral.
RECORDING = (
    "clinic.add_bloodpressure",
    "clinic.add_eeg",
    "clinic.add_visionexam",
    "clinic.add_spasmreport",
    "clinic.add_measurement",
    "clinic.add_symptom",
    "clinic.add_exposure",
    "clinic.add_vaccine",
    "clinic.add_finding",
    "clinic.add_diagnosis",
    "clinic.add_investigation",
    "clinic.add_therapy",
    "clinic.add_priortreatment",
    "clinic.add_misseddose",
    "clinic.add_dispensed",
    "clinic.add_calendartaught",
    "clinic.add_contactattempt",
    "clinic.add_familytold",
)
FOLLOWING = (
    "clinic.view_patient",
    "clinic.enrol",
    "clinic.change_patient",
    "clinic.merge",
    "clinic.add_contact",
    "clinic.change_contact",
    "clinic.add_careteammember",
    "clinic.plan_course",
    "clinic.check_calendar",
    "clinic.waive_check",
    "clinic.acknowledge",
    "clinic.step_referral",
    "clinic.change_workitem",
)
DECIDING = (
    "clinic.decide_dose",
    "clinic.act_on_escalation",
    "clinic.waive_deciding_check",
    "clinic.add_decision",
    "clinic.confirm_death",
)
SETTING_UP = (
    "clinic.change_clinic",
    "clinic.add_holiday",
    "clinic.add_covershift",
    "clinic.add_membership",
    "clinic.add_pathwayadoption",
)
PATHWAY = ("protocols.view_pathwayedition", "protocols.view_protocoledition")

PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    Role.NURSE: (*RECORDING, *FOLLOWING, *PATHWAY),
    Role.NEUROLOGIST: (*RECORDING, *FOLLOWING, *DECIDING, *PATHWAY),
    Role.CLINIC_LEAD: (
        *RECORDING,
        *FOLLOWING,
        *SETTING_UP,
        "clinic.confirm_death",
        *PATHWAY,
    ),
    Role.PATHWAY_LEAD: ("clinic.view_patient", "clinic.add_pathwayadoption", *PATHWAY),
    Role.PHARMACIST: ("clinic.view_patient", "clinic.check_calendar", "clinic.add_dispensed", *PATHWAY),
    Role.OPERATOR: ("clinic.view_sweepheartbeat",),
    Role.INTERFACE: ("clinic.view_patient", "clinic.enrol", "clinic.plan_course", *RECORDING),
}


# What a contact may send in by a link, for the children whose team it is on.
CONTACTS = frozenset({"clinic.add_bloodpressure", "clinic.add_measurement", "clinic.acknowledge"})


class NotAllowed(Refusal):
    """The actor's role at this clinic does not carry the act."""

    code = "not-allowed"


def may(*, actor: Actor, permission: str, clinic: Clinic) -> bool:
    """Say whether an actor's roles at a clinic carry a permission; the machine itself may do all."""
    if actor.kind in MACHINE:
        return True
    if actor.kind == actor.Kind.CONTACT:
        return permission in CONTACTS and actor.contact is not None and actor.contact.clinic_id == clinic.pk
    roles = [role for role, allowed in PERMISSIONS.items() if permission in allowed]
    return Membership.objects.filter(actor=actor, clinic=clinic, ended_at=None, role__in=roles).exists()


def require(*, actor: Actor, permission: str, clinic: Clinic) -> None:
    """Refuse an act that the actor's roles at a clinic do not carry."""
    if may(actor=actor, permission=permission, clinic=clinic):
        return
    roles = ", ".join(role for role, allowed in PERMISSIONS.items() if permission in allowed) or "nobody yet"
    raise NotAllowed(
        f"Your role at {clinic.name} does not allow this. It is allowed to: {roles}. "
        "Ask one of them, or ask the clinic lead to give you the role."
    )


def write_roles() -> None:
    """Make the Django groups say what the table above says. Twice is once."""
    for role, allowed in PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=str(role))
        wanted = Q(pk__in=())
        for permission in allowed:
            app, codename = permission.split(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        group.permissions.set(Permission.objects.filter(wanted))
