"""The admin site: Unfold's, with our pages in front of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from unfold.sites import UnfoldAdminSite

from ispath.dashboard import kept_forms
from ispath.dashboard.frame import in_frame

if TYPE_CHECKING:
    from django.urls import URLPattern


class WardSite(UnfoldAdminSite):
    """The dashboard. Its front page is Today; every page of ours is listed in `addresses`."""

    enable_nav_sidebar = True

    def extra_urls(self) -> list[URLPattern]:
        """Put our pages before the pages of the rows."""
        from ispath.dashboard.addresses import pages  # noqa: PLC0415 - the pages import the models

        return pages()

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add who sits at the desk, and the note that lets a form survive a log-in."""
        context: dict[str, Any] = super().each_context(request)
        desk = getattr(request, "desk", None)
        context["ward"] = desk
        context["typed_by"] = kept_forms.note_for(request.user.pk) if request.user.is_authenticated else ""
        return context

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's own
        """Let the scripts of the frame run on the pages of the rows."""
        return in_frame(super().admin_view(view, cacheable))

    @method_decorator(in_frame)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Say at the log-in that a form is waiting."""
        waiting = {"saved_form_waiting": kept_forms.is_waiting(request)}
        page: HttpResponseBase = super().login(request, {**(extra_context or {}), **waiting})
        return page

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show today's worklist: the front page of the clinic."""
        from ispath.dashboard.pages.today import today_page  # noqa: PLC0415 - the pages import the models

        return today_page(request)


site = admin.site
