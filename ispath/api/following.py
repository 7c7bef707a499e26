"""OpenAPI links: which answer holds what another operation asks for, so that a program may walk on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Lists whose rows are read one by one; in each the first row stands for all.
_ROWS = (
    "children",
    "enrolments",
    "courses",
    "checks",
    "verdicts",
    "escalations",
    "referrals",
    "deliveries",
)
_DONE = ("200", "201")
_FIRST = "$response.body#/items/0/id"
_EXPLAINED = {"checks": "check", "verdicts": "verdict", "escalations": "escalation", "referrals": "referral"}
_OF_CHILD = ("enrolments_list", "courses_list", "checks_list", "verdicts_list", "escalations_list")

_NUMBER = "$response.body#{row}/identifiers/0"

# operation: (name of the link, operation it leads to, its parameters)
_LINKS: dict[str, list[tuple[str, str, dict[str, str]]]] = {
    "changes": [("next", "changes", {"cursor": "$response.body#/next_cursor"})],
    "worklist": [("child", "children_retrieve", {"id": "$response.body#/items/0/child"})],
    "protocols": [("protocol", "protocol", {"key": "$response.body#/protocols/0/key"})],
}
for _status in ("status", "status_lookup"):
    _LINKS[_status] = [
        ("child", "children_retrieve", {"id": "$response.body#/child/id"}),
        ("why", "explain_child", {"id": "$response.body#/child/id"}),
        ("course", "courses_retrieve", {"id": "$response.body#/courses/0/id"}),
        ("calendar", "courses_calendar", {"id": "$response.body#/courses/0/id"}),
        *((name.removesuffix("_list"), name, {"child": "$response.body#/child/id"}) for name in _OF_CHILD),
    ]
for _name in _ROWS:
    _one = "children_retrieve" if _name == "children" else f"{_name}_retrieve"
    _list = "children_list" if _name == "children" else f"{_name}_list"
    _LINKS[_list] = [
        ("one", _one, {"id": _FIRST}),
        ("next", _list, {"page": "$response.body#/next_page"}),
    ]
    if _name in _EXPLAINED:
        _LINKS[_list].append(("why", "explain", {"kind": _EXPLAINED[_name], "id": _FIRST}))
for _name, _row in {"children_list": "/items/0", "children_create": ""}.items():
    _number = _NUMBER.format(row=_row)
    _LINKS.setdefault(_name, []).extend(
        [
            ("status", "status", {"mrn_system": f"{_number}/system", "mrn": f"{_number}/value"}),
            ("why", "explain_child", {"id": f"$response.body#{_row}/id"}),
        ]
    )
_LINKS["children_create"].append(("one", "children_retrieve", {"id": "$response.body#/id"}))
_LINKS["courses_create"] = [("one", "courses_retrieve", {"id": _FIRST})]
for _name in ("courses_list", "courses_create"):
    _LINKS[_name].append(("calendar", "courses_calendar", {"id": _FIRST}))
    _LINKS[_name].append(("why", "explain_dose", {"id": _FIRST}))


def with_links(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The schema with its links: a hook of drf-spectacular, run after it has described everything."""
    for operation in _operations(result):
        links = _LINKS.get(operation.get("operationId", ""), ())
        if links:
            done = next(answer for status, answer in operation["responses"].items() if status in _DONE)
            done["links"] = {
                name: {"operationId": target, "parameters": parameters} for name, target, parameters in links
            }
    return result


def _operations(schema: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return (operation for path in schema["paths"].values() for operation in path.values())
