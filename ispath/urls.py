"""Every address starts here, but for /healthz and /readyz, which ispath.health answers earlier."""

from __future__ import annotations

from anymail.urls import urlpatterns as provider_urls
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from ispath.acknowledge import examples
from ispath.webhooks.reports import refuse_the_unreadable

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("ispath.api.urls")),
    path("", include("ispath.smart.urls")),  # before /fhir: one of its addresses lies there
    path("", include("ispath.fhir.urls")),
    path("", include("ispath.dashboard.urls")),
    path("admin/", admin.site.urls),
    path("letters/", include("ispath.acknowledge.urls")),
]
# Reports of bounces: only from the provider that sends our letters, and only with its secret.
tracking = f"{settings.ANYMAIL_PROVIDER}_tracking_webhook"
urlpatterns += [
    path("providers/", include([URLPattern(p.pattern, refuse_the_unreadable(p.callback), name=p.name)]))
    for p in provider_urls
    if isinstance(p, URLPattern) and p.name == tracking
]
if settings.MAIL_CATCHER_FOLDER:
    urlpatterns += [
        path("letter-examples/", examples.all_letters, name="letter-examples"),
        path("letter-examples/<slug:name>/", examples.one_letter, name="letter-example"),
    ]
    urlpatterns.append(path("mail-catcher/", include("ispath.mailcatcher.urls")))
