"""Public keys of a client: a JWK set of EC P-384 and RSA keys, and nothing that is secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from protocols.refusal import Refusal

ALGORITHMS = ("RS384", "ES384")
_SMALLEST_RSA_BITS = 2048
_MOST_KEYS = 20
_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class UnusableKeySetError(Refusal):
    """The JWK set cannot be used to recognise a client."""

    code = "unusable-key-set"


def read_key_set(text: str) -> dict[str, Any]:
    """The JWK set in a file or an answer, checked; refused with what is wrong with it."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnusableKeySetError(
            'The JWK set is not JSON. Give the file that holds {"keys": [...]}.'
        ) from error
    return checked_key_set(content)


def checked_key_set(content: object) -> dict[str, Any]:
    """The JWK set with only its public keys, each with a kid of its own."""
    keys = content.get("keys") if isinstance(content, Mapping) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= _MOST_KEYS:
        raise UnusableKeySetError('A JWK set is {"keys": [...]} with 1 to 20 keys. Send the public set.')
    usable = [key for key in keys if isinstance(key, Mapping) and key.get("kty") in ("EC", "RSA")]
    for key in usable:
        _check_key(key)
    if not usable:
        raise UnusableKeySetError("No key of the set can be used. Give an EC P-384 key or an RSA key.")
    kids = [key["kid"] for key in usable]
    if len(set(kids)) != len(kids):
        raise UnusableKeySetError("Two keys share one kid. Give each key a kid of its own.")
    return {"keys": [dict(key) for key in usable]}


def _check_key(key: Mapping[str, Any]) -> None:
    if _SECRET_MEMBERS & key.keys():
        raise UnusableKeySetError(
            "The set holds a private key. Keep that one to yourself and give only the public part."
        )
    if not isinstance(key.get("kid"), str) or not key["kid"]:
        raise UnusableKeySetError("A key has no kid. Give each key a kid; the assertion names it.")
    _check_strength(key)


def _check_strength(key: Mapping[str, Any]) -> None:
    try:
        if key["kty"] == "RSA":
            bits = RSAKey.import_key(dict(key)).public_key.key_size
            weak = bits < _SMALLEST_RSA_BITS
        else:
            weak = key.get("crv") != "P-384" or ECKey.import_key(dict(key)) is None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise UnusableKeySetError(f"The key {key['kid']} cannot be read. Export it again.") from error
    if weak:
        raise UnusableKeySetError(
            f"The key {key['kid']} is too weak or of another kind. Use RSA of 2048 bits or more, or EC P-384."
        )


def key_named(key_set: Mapping[str, Any] | None, kid: str) -> KeySet | None:
    """The one key of the set with this kid, as a set of its own; None when it is not there."""
    for key in (key_set or {}).get("keys", ()):
        if key.get("kid") == kid:
            return KeySet.import_key_set({"keys": [dict(key)]})
    return None
