"""The sandbox of an EHR team: a demo client with its key in a file, a merged child, children by state."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from clinic.actors import seed_actor
from clinic.children import merge_children, register_child
from clinic.models import Clinic, Patient, PatientIdentifier
from clinic.seeding.states import STATES
from ispath.smart.clients import PublicKeys, add_client, rotate_keys
from ispath.smart.models import ApiClient

CLIENT = "demo EHR"
SCOPES = "system/*.rs system/Patient.c system/MedicationRequest.c system/Observation.c"
MERGED_NUMBER = "800001"
_FIRST_NUMBER = 900001
_OWNER_ONLY = 0o600


def seed_sandbox(*, folder: Path, base_url: str, now: datetime) -> list[str]:
    """Make what is missing; twice is once. Returns a line for each thing that is there now."""
    folder.mkdir(parents=True, exist_ok=True)
    said = [_client(folder / "demo-client.json", base_url=base_url, now=now)]
    clinic = Clinic.objects.filter(is_synthetic=True).order_by("pk").first()
    if clinic is not None:
        _merged_child(clinic, now=now)
        said.append(_children(folder / "children.json", clinic))
    return said


def _client(path: Path, *, base_url: str, now: datetime) -> str:
    """The demo client. Its private key is in the file only: a lost file is answered by new keys."""
    client = ApiClient.objects.filter(name=CLIENT, revoked_at=None).first()
    if client is not None and path.exists() and client.scopes == SCOPES:
        return f"{CLIENT}: client id and key in {path}"
    key = ECKey.generate_key("P-384", parameters={"kid": f"demo-{now:%Y%m%d%H%M%S}"}, private=True)
    keys = PublicKeys(key_set={"keys": [key.as_dict(private=False)]})
    if client is None:
        clinics = tuple(Clinic.objects.order_by("pk"))
        client = add_client(name=CLIENT, keys=keys, scopes=SCOPES, clinics=clinics, by=seed_actor(), now=now)
    else:
        client = rotate_keys(name=CLIENT, keys=keys, now=now)
        client.scopes = SCOPES
        client.save(update_fields=["scopes"])
    path.touch(mode=_OWNER_ONLY, exist_ok=True)
    path.write_text(json.dumps(_card(client, key, base_url), indent=1) + "\n", encoding="utf-8")
    return f"{CLIENT}: client id and key in {path}"


def _card(client: ApiClient, key: ECKey, base_url: str) -> dict[str, Any]:
    base = base_url.rstrip("/")
    return {
        "client_id": str(client.uid),
        "token_url": f"{base}/auth/token",
        "fhir_url": f"{base}/fhir",
        "rest_url": f"{base}/api/v1",
        "scopes": SCOPES,
        "private_key": key.as_dict(private=True),
    }


def _merged_child(clinic: Clinic, *, now: datetime) -> None:
    """A second record of the first child, merged into it as a clinic does when it notices."""
    survivor = _numbered(clinic, str(_FIRST_NUMBER))
    if survivor is None or _numbered(clinic, MERGED_NUMBER) is not None:
        return
    double = register_child(
        clinic=clinic,
        by=seed_actor(),
        now=now,
        family_name=survivor.family_name,
        given_names=survivor.given_names,
        birth_date=survivor.birth_date,
        sex=survivor.sex,
        identifiers=((clinic.mrn_system, MERGED_NUMBER),),
        is_synthetic=True,
    )
    merge_children(
        survivor=survivor, replaced=double, clinic=clinic, reason="registered twice", by=seed_actor(), now=now
    )


def _numbered(clinic: Clinic, number: str) -> Patient | None:
    row = (
        PatientIdentifier.objects.filter(system=clinic.mrn_system, value=number)
        .select_related("patient")
        .first()
    )
    return None if row is None else row.patient


def _old_id(clinic: Clinic) -> dict[str, str]:
    """The id of the record that was merged away: it still answers, and names the one that stays."""
    survivor = _numbered(clinic, MERGED_NUMBER)
    old = Patient.objects.filter(replaced_by=survivor).order_by("pk").first() if survivor else None
    return {} if old is None else {"old_id": str(old.uid)}


def _children(path: Path, clinic: Clinic) -> str:
    """Which record number shows which state, for whoever tries the interface."""
    listed = [
        {"state": name, "mrn_system": clinic.mrn_system, "mrn": str(_FIRST_NUMBER + number)}
        for number, (name, *_) in enumerate(STATES)
    ]
    listed.append(
        {"state": "merged", "mrn_system": clinic.mrn_system, "mrn": MERGED_NUMBER} | _old_id(clinic)
    )
    other = Clinic.objects.filter(is_synthetic=True).exclude(pk=clinic.pk).order_by("pk").first()
    if other is not None:
        same = {
            "state": "same number, another child",
            "mrn_system": other.mrn_system,
            "mrn": str(_FIRST_NUMBER),
        }
        listed.append(same)
    path.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    return f"children by state in {path}"
