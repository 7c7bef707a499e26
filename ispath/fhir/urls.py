from __future__ import annotations

from django.urls import URLPattern, URLResolver, re_path

from ispath.fhir.views import fhir

# One door, with and without the slash: what is not served is answered here too, as an OperationOutcome.
urlpatterns: list[URLPattern | URLResolver] = [re_path(r"^fhir(?:/(?P<path>.*))?$", fhir, name="fhir")]
