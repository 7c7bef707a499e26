"""Calls everything that a CapabilityStatement declares, and says what is not true of it.

Knows of the server only what R4 says, so that it may be sent to any address: see `main`.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Resource = dict[str, Any]
Ask = Callable[..., tuple[int, dict[str, str], Any]]

# Where R4 finds what a search parameter looks at, where it is not the element of the same name.
PLACES = {
    "Patient.name": "name.family",
    "Patient.family": "name.family",
    "Patient.given": "name.given",
    "Patient.birthdate": "birthDate",
    "CarePlan.date": "period.start",
    "CarePlan.activity-reference": "activity.reference",
    "MedicationRequest.authoredon": "authoredOn",
    "MedicationRequest.code": "medicationCodeableConcept",
    "Task.business-status": "businessStatus",
    "Task.based-on": "basedOn",
    "Task.group-identifier": "groupIdentifier",
    "Task.authored-on": "authoredOn",
    "Task.modified": "lastModified",
    "Task.subject": "for",
    "ServiceRequest.authored": "authoredOn",
    "ServiceRequest.based-on": "basedOn",
    "Observation.date": "effectiveDateTime",
    "DiagnosticReport.date": "effectiveDateTime",
    "Condition.clinical-status": "clinicalStatus",
    "Flag.date": "period.start",
    "DetectedIssue.identified": "identifiedDateTime",
    "DetectedIssue.patient": "patient",
    "Practitioner.name": "name.text",
    "Group.member": "member.entity",
    "_lastUpdated": "meta.lastUpdated",
    "_id": "id",
}
# What no resource can be expected to hold.
NEVER_FOUND = {"Organization.address"}
NOBODY = "00000000-0000-4000-8000-000000000000"
IMPOSSIBLE = {
    "token": "urn:nowhere|none",
    "date": "1801-01-01",
    "reference": NOBODY,
    "string": "zzzz-none",
    "uri": "urn:nowhere",
}


@dataclass(kw_only=True)
class Crawl:
    """One walk through a server."""

    ask: Ask
    complaints: list[str] = field(default_factory=list)
    calls: int = 0
    resources: list[Resource] = field(default_factory=list)

    def get(self, path: str, **more: Any) -> tuple[int, dict[str, str], Any]:
        self.calls += 1
        status, headers, body = self.ask(path, **more)
        self.expect(bool(headers.get("x-request-id")), f"{path}: no X-Request-Id")
        if status != 304:
            self.expect(
                headers.get("content-type") == "application/fhir+json; charset=utf-8",
                f"{path}: {headers.get('content-type')}",
            )
        return status, headers, body

    def expect(self, holds: bool, complaint: str) -> None:
        if not holds:
            self.complaints.append(complaint)

    def walk(self) -> None:
        """Everything."""
        _, _, statement = self.get("metadata")
        (rest,) = statement["rest"]
        for declared in rest["resource"]:
            self.type(declared)
        self.references()

    def type(self, declared: Resource) -> None:
        name = declared["type"]
        codes = {one["code"] for one in declared["interaction"]}
        self.expect(codes >= {"read", "vread", "search-type"}, f"{name}: {codes}")
        found = list(self.pages(f"{name}?_count=7"))
        self.expect(bool(found), f"{name}: nothing to look at")
        self.resources += found
        if not found:
            return
        self.read(declared, found[0])
        self.counts(name, len(found))
        for parameter in declared["searchParam"]:
            self.parameter(name, parameter, found)
        for include in declared.get("searchInclude", ()):
            self.include(name, include)
        for operation in declared.get("operation", ()):
            status, _, bundle = self.get(f"{name}/{found[0]['id']}/${operation['name']}")
            self.expect(status == 200 and bundle["type"] == "searchset", f"{name}/$: {status}")
        status, _, outcome = self.get(f"{name}?nonsense=1", headers={"Prefer": "handling=strict"})
        self.expect(
            (status, outcome["resourceType"]) == (400, "OperationOutcome"), f"{name}: strict {status}"
        )

    def pages(self, path: str) -> Iterator[Resource]:
        seen: set[str] = set()
        url: str | None = path
        while url is not None:
            status, _, bundle = self.get(url)
            self.expect(status == 200, f"{url}: {status}")
            matches = [one for one in bundle.get("entry", ()) if one["search"]["mode"] == "match"]
            for one in matches:
                self.expect(one["resource"]["id"] not in seen, f"{path}: {one['fullUrl']} came twice")
                self.expect(one["fullUrl"].endswith(f"/{one['resource']['id']}"), one["fullUrl"])
                seen.add(one["resource"]["id"])
                yield one["resource"]
            links = {link["relation"]: link["url"] for link in bundle["link"]}
            self.expect(links["self"].startswith("http"), f"{path}: self is not absolute")
            url = links.get("next")
            if url is None:
                self.expect(
                    bundle["total"] == len(seen), f"{path}: total {bundle['total']}, {len(seen)} came"
                )

    def read(self, declared: Resource, example: Resource) -> None:
        place = f"{example['resourceType']}/{example['id']}"
        status, headers, body = self.get(place)
        version = body["meta"]["versionId"]
        self.expect((status, body) == (200, example), f"{place}: read differs from search")
        self.expect(headers.get("etag") == f'W/"{version}"', f"{place}: {headers.get('etag')}")
        self.expect("last-modified" in headers, f"{place}: no Last-Modified")
        status, _, _ = self.get(place, headers={"If-None-Match": headers["etag"]})
        self.expect(status == 304, f"{place}: {status} for its own tag")
        status, _, bundle = self.get(f"{place}/_history")
        self.expect((status, bundle["type"]) == (200, "history"), f"{place}/_history: {status}")
        self.expect(
            bundle["entry"][0]["resource"] == example, f"{place}: newest version is not the present one"
        )
        versions = [int(one["resource"]["meta"]["versionId"]) for one in bundle["entry"]]
        self.expect(versions == sorted(set(versions), reverse=True), f"{place}: versions {versions}")
        for one in bundle["entry"]:
            number = one["resource"]["meta"]["versionId"]
            self.expect(
                self.get(f"{place}/_history/{number}")[2] == one["resource"], f"{place}: version {number}"
            )
        self.expect(self.get(f"{example['resourceType']}/{NOBODY}")[0] == 404, f"{place}: nobody is there")

    def counts(self, name: str, expected: int) -> None:
        for query in ("_summary=count", "_count=0", "_count=0&_totalMethod=count"):
            status, _, bundle = self.get(f"{name}?{query}")
            self.expect(
                (status, bundle.get("total"), "entry" in bundle) == (200, expected, False), f"{name}?{query}"
            )

    def parameter(self, name: str, parameter: Resource, found: list[Resource]) -> None:
        """The value a resource bears finds it, and a value that none bears finds nothing."""
        words, kind = parameter["name"], parameter["type"]
        place = PLACES.get(f"{name}.{words}") or PLACES.get(words) or words
        if words in ("patient", "subject"):
            place = next((path for path in ("subject", "for", "patient") if at(found[0], path)), place)
        impossible = IMPOSSIBLE[kind]
        query = urllib.parse.urlencode({words: impossible})
        status, _, bundle = self.get(f"{name}?{query}")
        self.expect(
            (status, bundle.get("total")) == (200, 0), f"{name}?{query}: {status} {bundle.get('total')}"
        )
        if f"{name}.{words}" in NEVER_FOUND:
            return
        sample = next(((one, value) for one in found for value in at(one, place)), None)
        self.expect(sample is not None, f"{name}.{words}: no example at {place}")
        if sample is None:
            return
        example, value = sample
        for text in written(value, kind):
            query = urllib.parse.urlencode({words: text, "_count": "200"})
            ids = {one["id"] for one in self.pages(f"{name}?{query}")}
            self.expect(example["id"] in ids, f"{name}?{query}: does not find {example['id']}")

    def include(self, name: str, include: str) -> None:
        _, _, bundle = self.get(f"{name}?_include={urllib.parse.quote(include)}&_count=50")
        modes = {one["search"]["mode"] for one in bundle["entry"]}
        self.expect("include" in modes, f"{name}?_include={include}: nothing came along")

    def references(self) -> None:
        """Every reference leads to something."""
        targets = sorted({target for one in self.resources for target in references_in(one)})
        by_type: dict[str, set[str]] = {}
        for target in targets:
            type_name, _, id_ = target.partition("/")
            by_type.setdefault(type_name, set()).add(id_)
        for type_name, ids in by_type.items():
            listed = sorted(ids)
            for start in range(0, len(listed), 100):
                part = listed[start : start + 100]
                found = {one["id"] for one in self.pages(f"{type_name}?_count=200&_id={','.join(part)}")}
                for id_ in set(part) - found:
                    who = next(
                        f"{one['resourceType']}/{one['id']}"
                        for one in self.resources
                        if f"{type_name}/{id_}" in references_in(one)
                    )
                    self.complaints.append(f"{who}: {type_name}/{id_} leads nowhere")


def at(resource: Any, path: str) -> list[Any]:
    nodes = [resource]
    for step in path.split("."):
        children = [node[step] for node in nodes if isinstance(node, dict) and step in node]
        nodes = [item for child in children for item in (child if isinstance(child, list) else [child])]
    return nodes


def written(value: Any, kind: str) -> list[str]:
    """The ways in which a client may write a value that it saw."""
    if kind == "date":
        return [value, f"ge{value}", f"le{value}", value[:10], f"ge{value[:10]}"]
    if kind == "reference":
        return [value["reference"], value["reference"].partition("/")[2]]
    if isinstance(value, dict) and "coding" in value:
        return [f"{one['system']}|{one['code']}" for one in value["coding"]]
    if isinstance(value, dict):
        return [f"{value['system']}|{value['value']}"]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def references_in(node: Any) -> set[str]:
    if isinstance(node, list):
        return set().union(*map(references_in, node)) if node else set()
    if isinstance(node, dict):
        own = {node["reference"]} if isinstance(node.get("reference"), str) else set()
        return own.union(*map(references_in, node.values()))
    return set()


def main() -> None:
    """`python -m tests.fhir.declared BASE TOKEN`"""
    base, token = sys.argv[1:3]

    def ask(path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], Any]:
        url = path if path.startswith("http") else f"{base}/{path}"
        sent = {"Authorization": f"Bearer {token}", **(headers or {})}
        try:
            answer = urllib.request.urlopen(urllib.request.Request(url, headers=sent))  # noqa: S310
        except urllib.error.HTTPError as error:
            answer = error
        if answer.status == 429:
            time.sleep(int(answer.headers["Retry-After"]))
            return ask(path, headers)
        body = answer.read()
        return (
            answer.status,
            {k.lower(): v for k, v in answer.headers.items()},
            json.loads(body) if body else None,
        )

    crawl = Crawl(ask=ask)
    crawl.walk()
    print("\n".join(crawl.complaints) or "nothing to complain about", f"\n{crawl.calls} calls")


if __name__ == "__main__":
    main()
