"""The addresses as they are in development, where the mail catcher's pages exist."""

from __future__ import annotations

from django.urls import include, path

from ispath.urls import urlpatterns as production

urlpatterns = [*production, path("mail-catcher/", include("ispath.mailcatcher.urls"))]
