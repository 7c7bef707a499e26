from __future__ import annotations

from django.urls import path

from ispath.smart.views import TokenView, smart_configuration

urlpatterns = [
    path("auth/token", TokenView.as_view(), name="token"),
    path(".well-known/smart-configuration", smart_configuration, name="smart-configuration"),
    path("fhir/.well-known/smart-configuration", smart_configuration, name="fhir-smart-configuration"),
]
