"""What a chain rests on, as references: the courses, results and reports behind an answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from clinic.models import CourseStart
from ispath.fhir.answers import Resource
from ispath.fhir.elements import reference
from ispath.fhir.filters import NOTHING, any_of, as_uid

# Kinds of facts as chains name them, and as what each is served.
TYPE_OF_FACT = {
    "bloodpressure": "Observation",
    "measurement": "Observation",
    "spasmreport": "Observation",
    "eeg": "DiagnosticReport",
    "visionexam": "DiagnosticReport",
}
_START = CourseStart._meta.model_name
Courses = Mapping[str, uuid.UUID]


def facts_in(chain: Any) -> list[tuple[str, str]]:
    """Kind and id of each fact that a chain names, each once, in its order."""
    named = dict.fromkeys(str(fact).partition("#")[0] for fact in (chain or {}).get("facts", ()))
    return [(kind, uid) for kind, _, uid in (name.partition("/") for name in named)]


def courses_behind(chains: Iterable[Any]) -> Courses:
    """The courses whose start these chains name, by the id of the start; one query."""
    starts = {uid for chain in chains for kind, uid in facts_in(chain) if kind == _START}
    if not starts:
        return {}
    found = CourseStart.objects.filter(uid__in=[uid for uid in starts if as_uid(uid)])
    return {str(start): course for start, course in found.values_list("uid", "course__uid")}


def plans_in(chain: Any, courses: Courses) -> list[Resource]:
    """The courses that a chain names, as CarePlans."""
    uids = dict.fromkeys(courses[uid] for kind, uid in facts_in(chain) if kind == _START and uid in courses)
    return [reference("CarePlan", uid) for uid in uids]


def results_in(chain: Any) -> list[Resource]:
    """The results that a chain names, as Observations and DiagnosticReports."""
    return [reference(TYPE_OF_FACT[kind], uid) for kind, uid in facts_in(chain) if kind in TYPE_OF_FACT]


def names_course(course: uuid.UUID, *, path: str = "chain") -> Q:
    """Rows whose chain names the start of this course."""
    starts = CourseStart.objects.filter(course__uid=course).values_list("uid", flat=True)
    return any_of([Q(**{f"{path}__facts__contains": [f"{_START}/{uid}"]}) for uid in starts])


def names_result(type_name: str, result: uuid.UUID, *, path: str = "chain") -> Q:
    """Rows whose chain names this Observation or DiagnosticReport."""
    kinds = [kind for kind, served in TYPE_OF_FACT.items() if served == type_name]
    found = [Q(**{f"{path}__facts__contains": [f"{kind}/{result}"]}) for kind in kinds]
    return any_of(found) if found else NOTHING
