"""The night of a clinic's readers, in which only an emergency is mailed: what its pathway edition says.

Where the edition says nothing, the night is that of `Hours`: silence must not wake anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from functools import lru_cache
from uuid import UUID

from clinic.models import PathwayAdoption
from protocols.engine.pathway import NightHour
from protocols.models import Target

QUIET = {NightHour.FROM: "quiet_from", NightHour.UNTIL: "quiet_until"}


def nights_of(clinics: Iterable[int]) -> dict[int, Mapping[str, time]]:
    """The quiet hours of some clinics, as `Hours` takes them, by the edition each gives to new enrolments."""
    in_use = PathwayAdoption.objects.filter(clinic__in=clinics, until_on=None)
    editions = in_use.values_list("clinic", "pathway_edition", "pathway_edition__uid")
    return {clinic: _night_of(edition, uid) for clinic, edition, uid in editions}


@lru_cache(maxsize=128)
def _night_of(edition: int, uid: UUID) -> Mapping[str, time]:
    """What an edition says of the night. Only a signed one is adopted, and that never changes."""
    said = Target.objects.filter(edition=edition, key__in=QUIET).values_list("key", "value")
    return {QUIET[NightHour(key)]: time(int(value)) for key, value in said}
