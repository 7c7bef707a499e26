"""Every resource type that is served."""

from __future__ import annotations

from ispath.fhir.kinds.careplan import CAREPLAN
from ispath.fhir.kinds.communication import COMMUNICATION
from ispath.fhir.kinds.condition import CONDITION
from ispath.fhir.kinds.diagnosticreport import DIAGNOSTICREPORT
from ispath.fhir.kinds.flag import DETECTEDISSUE, FLAG
from ispath.fhir.kinds.medicationrequest import MEDICATIONREQUEST
from ispath.fhir.kinds.observation import OBSERVATION
from ispath.fhir.kinds.patient import PATIENT
from ispath.fhir.kinds.people import GROUP, ORGANIZATION, PRACTITIONER
from ispath.fhir.kinds.plandefinition import PLANDEFINITION
from ispath.fhir.kinds.servicerequest import SERVICEREQUEST
from ispath.fhir.kinds.task import TASK

KINDS = {
    kind.name: kind
    for kind in (
        PATIENT,
        CONDITION,
        CAREPLAN,
        MEDICATIONREQUEST,
        TASK,
        SERVICEREQUEST,
        OBSERVATION,
        DIAGNOSTICREPORT,
        FLAG,
        DETECTEDISSUE,
        COMMUNICATION,
        PRACTITIONER,
        ORGANIZATION,
        PLANDEFINITION,
        GROUP,
    )
}
