from __future__ import annotations

from django.urls import URLPattern, URLResolver, re_path

from ispath.api.errors import nothing_here

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"", nothing_here),
]
