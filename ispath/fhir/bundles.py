"""Bundles: what a search, a history or $everything answers with."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ispath.fhir.answers import Resource, to_json
from ispath.fhir.kept import Kept
from ispath.fhir.subsets import WHOLE, Subset
from ispath.fhir.windows import Window


def entry(kept: Kept, *, base: str, mode: str, subset: Subset = WHOLE) -> bytes:
    """One entry of a searchset, in JSON."""
    body = subset.of(kept.body)
    address = json.dumps(f"{base}/{kept.place}").encode()
    return b'{"fullUrl":%s,"resource":%s,"search":{"mode":"%s"}}' % (address, body, mode.encode())


def searchset(*, entries: Iterable[bytes], self_url: str, next_url: str | None, total: int | None) -> bytes:
    """A page of a search in JSON, with absolute links."""
    links = [{"relation": "self", "url": self_url}]
    if next_url is not None:
        links.append({"relation": "next", "url": next_url})
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        bundle["total"] = total
    bundle["link"] = links
    head, listed = to_json(bundle), b",".join(entries)
    return b'%s,"entry":[%s]}' % (head.removesuffix(b"}"), listed) if listed else head


def history(*, versions: list[Resource], window: Window, url: str, base: str) -> Resource:
    """The versions of one resource that are wanted, the newest first."""
    wanted = window.of(versions)
    page, following = window.page_of(wanted)
    query = window.query()
    links = [{"relation": "self", "url": f"{url}?{query}" if query else url}]
    if following is not None:
        links.append({"relation": "next", "url": f"{url}?{following}"})
    bundle: Resource = {"resourceType": "Bundle", "type": "history", "total": len(wanted), "link": links}
    entries = [_version(one, is_first=one is versions[-1], base=base) for one in page]
    return {**bundle, "entry": entries} if entries else bundle


def _version(resource: Resource, *, is_first: bool, base: str) -> Resource:
    place = f"{resource['resourceType']}/{resource['id']}"
    meta = resource["meta"]
    return {
        "fullUrl": f"{base}/{place}",
        "resource": resource,
        "request": {
            "method": "POST" if is_first else "PUT",
            "url": resource["resourceType"] if is_first else place,
        },
        "response": {
            "status": "201 Created" if is_first else "200 OK",
            "etag": f'W/"{meta["versionId"]}"',
            "lastModified": meta["lastUpdated"],
        },
    }
