"""The real settings, with one address more: a bare DRF view that gives the same bytes from memory."""

from __future__ import annotations

from benchmarks.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.api_urls"
SECURE_SSL_REDIRECT = False  # the benchmark speaks plain http
