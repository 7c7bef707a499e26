"""How the admin site looks: colours with enough contrast, our stylesheet, the navigation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _stylesheet(_request: HttpRequest) -> str:
    return static("dashboard/ispath.css")


def _mark(_request: HttpRequest) -> str:
    return static("dashboard/mark.svg")


def _item(title: str, icon: str, link: str, permission: str = "") -> dict[str, Any]:
    item: dict[str, Any] = {"title": title, "icon": icon, "link": reverse_lazy(link)}
    if permission:
        item["permission"] = f"ispath.dashboard.navigation.{permission}"
    return item


def _navigation(_request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {
            "title": "The clinic",
            "items": [
                _item("Today", "today", "admin:index"),
                _item("Children", "child_care", "admin:children"),
                _item("Escalations", "priority_high", "admin:escalations"),
                _item("Referrals", "outbound", "admin:referrals"),
                _item("Letters", "mail", "admin:letters"),
                _item("Transfers", "move_to_inbox", "admin:transfers"),
                _item("Enrol a child", "person_add", "admin:enrol"),
            ],
        },
        {
            "title": "What the protocol says",
            "items": [
                _item("Protocols", "menu_book", "admin:editions"),
                _item("Pathways", "route", "admin:pathways"),
            ],
        },
        {
            "title": "Set up",
            "items": [
                _item("This clinic", "settings", "admin:clinic-setup"),
                _item("Programs of EHRs", "key", "admin:clients"),
                _item("Rows and history", "database", "admin:records"),
            ],
        },
    ]


# Unfold's purple and its light greys fall short of 4.5 to 1 on its own backgrounds; these do not.
_PRIMARY = {
    "50": "#effaf8",
    "100": "#d9f2ee",
    "200": "#b5e4de",
    "300": "#84cfc7",
    "400": "#5cc8bd",
    "500": "#5cc8bd",
    "600": "#0b6b64",
    "700": "#095a54",
    "800": "#0a4844",
    "900": "#0b3b38",
    "950": "#042321",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "ispath",
    "SITE_HEADER": "ispath",
    "SITE_SUBHEADER": "Infantile spasms treatment",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": True,
    "BORDER_RADIUS": "7px",
    "STYLES": [_stylesheet],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _mark}],
    "COLORS": {
        "primary": _PRIMARY,
        "font": {
            "subtle-light": "#4a5666",
            "subtle-dark": "#a9b5c3",
            "default-light": "#2a3644",
            "default-dark": "#d3dbe4",
            "important-light": "#1d2733",
            "important-dark": "#e5eaf0",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": _navigation,
    },
}
