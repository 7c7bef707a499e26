"""Every address starts here, but for /healthz and /readyz, which ispath.health answers earlier."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("ispath.dashboard.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("ispath.api.urls")),
    path("fhir/", include("ispath.fhir.urls")),
    path("smart/", include("ispath.smart.urls")),
    path("letters/", include("notifications.urls")),
    path("providers/", include("anymail.urls")),
]
if settings.MAIL_CATCHER_FOLDER:
    urlpatterns.append(path("mail-catcher/", include("ispath.mailcatcher.urls")))
