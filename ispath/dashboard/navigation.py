"""Who sees which entry of the navigation."""

from __future__ import annotations

from django.http import HttpRequest


def may_see_rows(request: HttpRequest) -> bool:
    """Whether the rows behind the pages are of use to this person."""
    return request.user.is_active and request.user.is_staff
