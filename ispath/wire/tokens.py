"""Opaque tokens for pages and cursors: sealed, so that a made-up one is refused and no log shows an MRN."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from ispath.wire.problems import ProblemError

_SENTENCE = "This page token was not issued here or was cut. Start again without it."


def seal(content: dict[str, Any], *, purpose: str) -> str:
    """An opaque token that holds the content."""
    return (
        _box(settings.SECRET_KEY, purpose)
        .encrypt(json.dumps(content, separators=(",", ":")).encode())
        .decode()
    )


def unseal(token: str, *, purpose: str) -> dict[str, Any]:
    """The content of a token of ours; `bad-page-token` for anything else."""
    try:
        content = json.loads(_box(settings.SECRET_KEY, purpose).decrypt(token.encode()))
    except (InvalidToken, ValueError) as error:
        raise ProblemError("bad-page-token", _SENTENCE) from error
    if not isinstance(content, dict):
        raise ProblemError("bad-page-token", _SENTENCE)
    return content


@lru_cache(maxsize=16)
def _box(secret: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:{secret}".encode()).digest()))
