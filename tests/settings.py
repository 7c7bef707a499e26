"""The settings under test: the real ones, on servers of their own, with what is only slow made quick."""

from __future__ import annotations

import os

from devstack import template, testing

testing.start()
os.environ["REDIS_URL"] = testing.own_redis()

from ispath.settings import *  # noqa: E402, F403
from ispath.settings import DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

DATABASES["default"]["TEST"] = {"TEMPLATE": template.NAME}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes 0.2 s a log-in
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
SECURE_SSL_REDIRECT = False  # test clients speak plain http
AXES_ENABLED = False  # the tests of the limit switch it on
