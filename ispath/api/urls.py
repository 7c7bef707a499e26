from __future__ import annotations

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from ispath.api import views
from ispath.api.changes import ChangesView
from ispath.api.entering.views import Observations
from ispath.api.errors import nothing_here
from ispath.api.explaining import ExplainChildView, ExplainDoseView, ExplainView
from ispath.api.protocols import ProtocolsView, ProtocolView
from ispath.api.status import StatusLookupView, StatusView
from ispath.api.worklist import WorklistView

rows = SimpleRouter(trailing_slash=False, use_regex_path=False)
rows.register("children", views.Children, basename="child")
rows.register("enrolments", views.Enrolments, basename="enrolment")
rows.register("observations", Observations, basename="observation")
rows.register("courses", views.Courses, basename="course")
rows.register("checks", views.Checks, basename="check")
rows.register("verdicts", views.Verdicts, basename="verdict")
rows.register("escalations", views.Escalations, basename="escalation")
rows.register("referrals", views.Referrals, basename="referral")
rows.register("deliveries", views.Deliveries, basename="delivery")

OPEN: dict[str, Any] = {
    "authentication_classes": [],
    "permission_classes": [],
}  # the same for everybody, nothing of a child

version_1 = [
    path("status", StatusView.as_view(), name="status"),
    path("status:lookup", StatusLookupView.as_view(), name="status-lookup"),
    path("changes", ChangesView.as_view(), name="changes"),
    path("worklist", WorklistView.as_view(), name="api-worklist"),
    path("protocols", ProtocolsView.as_view(), name="protocols"),
    path("protocols/<str:key>", ProtocolView.as_view(), name="protocol"),
    path("children/<str:id>/explain", ExplainChildView.as_view(), name="explain-child"),
    path("explain/dose/<str:id>", ExplainDoseView.as_view(), name="explain-dose"),
    path("explain/<str:kind>/<str:id>", ExplainView.as_view(), name="explain"),
    path("openapi.json", SpectacularJSONAPIView.as_view(**OPEN), name="openapi"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="openapi", **OPEN), name="api-docs"),
    *rows.urls,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include(version_1)),
    re_path(r"", nothing_here),
]
