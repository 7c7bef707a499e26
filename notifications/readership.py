"""From a role to the people to write to about some children, and their hours: read once for all of them.

A role is first looked for in the child's own care team, then among the clinic's members. Whoever cannot be
written to (no address, not confirmed, bounced, opted out) is replaced by the alternate contact; where nobody
is left the clinic's nurses are told instead, because a letter to nobody is silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from clinic.actors import actors_for_contacts
from clinic.models import Actor, CareTeamMember, Clinic, Contact, CoverShift, Enrolment, Membership
from notifications.models import Outage
from notifications.outages import catching_up
from notifications.policy.hours import Hours
from notifications.readers import hours_of_houses, members_of, reachable, reached, usable
from protocols.engine.pathway import Role

TEAM_ROLES = {
    Role.NURSE: CareTeamMember.Role.NURSE,
    Role.NEUROLOGIST: CareTeamMember.Role.NEUROLOGIST,
    Role.CLINIC_LEAD: CareTeamMember.Role.CLINIC_LEAD,
    Role.PEDIATRICIAN: CareTeamMember.Role.PEDIATRICIAN,
    Role.OPHTHALMOLOGY: CareTeamMember.Role.OPHTHALMOLOGY,
    Role.EPILEPTOLOGIST: CareTeamMember.Role.EPILEPTOLOGIST,
}
# Who stands in at the clinic when the child's care team lists nobody in the role.
MEMBER_ROLES = {
    Role.NURSE: Membership.Role.NURSE,
    Role.NEUROLOGIST: Membership.Role.NEUROLOGIST,
    Role.CLINIC_LEAD: Membership.Role.CLINIC_LEAD,
    Role.EPILEPTOLOGIST: Membership.Role.NEUROLOGIST,
    Role.ON_CALL: Membership.Role.NEUROLOGIST,
    Role.NEUROLOGIST_ON_CALL: Membership.Role.NEUROLOGIST,
}
# An emergency department is not mailed and hoped for: whoever covers the clinic phones it.
ON_DUTY = frozenset({Role.ON_CALL, Role.NEUROLOGIST_ON_CALL, Role.EMERGENCY_DEPARTMENT})
ROLES = {role.value: role for role in Role}
People = tuple[Actor, ...]


class Readership:
    """The people around some children at one moment. Each kind of row is read when it is first asked for."""

    def __init__(self, enrolments: Iterable[Enrolment], *, now: datetime) -> None:
        children = list(enrolments)
        self.now = now
        self._patients = {one.patient_id for one in children}
        self._clinics = {one.clinic_id: one.clinic for one in children}

    def of(self, role: str, enrolment: Enrolment) -> People:
        """Whom to write to for a role about one child."""
        named, clinic = ROLES.get(role, Role.NURSE), enrolment.clinic_id
        if named in ON_DUTY and (covering := self._covering.get(clinic)):
            return covering
        if team := self._teams.get((enrolment.patient_id, clinic, TEAM_ROLES.get(named, ""))):
            return team
        for stands_in in (MEMBER_ROLES.get(named, ""), Membership.Role.NURSE, Membership.Role.CLINIC_LEAD):
            if members := self._members.get((clinic, stands_in)):
                return members
        return ()

    def hours(self, reader: Actor, clinic: Clinic) -> Hours:
        """The hours of a reader towards a clinic: the reader's zone, the clinic's days and night."""
        house = self._houses[clinic.pk]
        zone = reader.contact.zone if reader.contact is not None else ""
        return replace(house, zone=zone) if zone else house

    @cached_property
    def outage(self) -> Outage | None:
        """The outage whose letters are being gathered, if there is one."""
        return catching_up(now=self.now)

    @cached_property
    def _houses(self) -> Mapping[int, Hours]:
        return hours_of_houses(self._clinics.values())

    @cached_property
    def _members(self) -> Mapping[tuple[int, str], People]:
        return members_of(self._clinics)

    @cached_property
    def _teams(self) -> Mapping[tuple[int, int, str], People]:
        rows = CareTeamMember.objects.filter(
            patient__in=self._patients, clinic__in=self._clinics, ended_on=None
        ).prefetch_related("contact__alternate__alternate")
        teams: dict[tuple[int, int, str], dict[int, Contact]] = {}
        for row in rows.order_by("pk"):
            if contact := reachable(row.contact):
                team = teams.setdefault((row.patient_id, row.clinic_id, row.role), {})
                team[contact.pk] = contact
        actors = actors_for_contacts(contact for team in teams.values() for contact in team.values())
        return {key: tuple(actors[contact] for contact in team) for key, team in teams.items()}

    @cached_property
    def _covering(self) -> Mapping[int, People]:
        on_now = CoverShift.objects.filter(starts_at__lte=self.now, ends_at__gt=self.now).exclude(email="")
        shifts = set(on_now.filter(clinic__in=self._clinics).values_list("clinic", "email"))
        emails = {email for _, email in shifts}
        users = Actor.objects.filter(user__email__in=emails, user__is_active=True).select_related("user")
        people = [(user.user.email, user) for user in reached(users.order_by("pk")) if user.user is not None]
        contacts = Contact.objects.filter(clinic__in=self._clinics, email__in=emails).order_by("pk")
        writable = [contact for contact in contacts if usable(contact)]
        actors = actors_for_contacts(writable)
        return {
            clinic: (
                *(user for email, user in people if (clinic, email) in shifts),
                *(
                    actors[one.pk]
                    for one in writable
                    if one.clinic_id == clinic and (clinic, one.email) in shifts
                ),
            )
            for clinic, _ in shifts
        }
