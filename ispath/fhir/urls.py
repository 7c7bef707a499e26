from __future__ import annotations

from django.urls import URLPattern, URLResolver, re_path

from ispath.fhir.views import fhir

# One door: an address that is not served is answered here too, as an OperationOutcome.
urlpatterns: list[URLPattern | URLResolver] = [re_path(r"^(?P<path>.*)$", fhir, name="fhir")]
