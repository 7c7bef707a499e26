"""The real addresses and, beside them, the bare view that the real ones are measured against."""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from django.http import HttpResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.views import APIView

BYTES = {each.stem: each.read_bytes() for each in Path(os.environ["BENCHMARK_BYTES"]).glob("*.json")}


class Bare(APIView):
    """Does nothing: no token, no row, no page."""

    authentication_classes: ClassVar[list[type]] = []
    permission_classes: ClassVar[list[type]] = []

    def get(self, request: Request, name: str) -> HttpResponse:
        """Give the bytes."""
        return HttpResponse(BYTES[name], content_type="application/json")


urlpatterns = [path("bare/<str:name>", Bare.as_view()), path("", include("ispath.urls"))]
