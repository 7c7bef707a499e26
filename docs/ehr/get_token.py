"""Print an access token: sign a client assertion with the key in a card and exchange it.

    python docs/ehr/get_token.py var/sandbox/demo-client.json
    python docs/ehr/get_token.py var/sandbox/demo-client.json "system/Observation.c"

A card is the file that the sandbox writes. In your own program keep the private key where you keep secrets.
Needs joserfc (any JWT library that knows ES384 or RS384 does the same).
"""

from __future__ import annotations

import json
import sys
import time
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

FIVE_MINUTES = 300


def get_token(card: dict[str, object], scope: str = "system/*.rs") -> str:
    """Return a token that is good for five minutes."""
    key = ECKey.import_key(card["private_key"])  # type: ignore[arg-type]
    claims = {
        "iss": card["client_id"],
        "sub": card["client_id"],
        "aud": card["token_url"],
        "exp": int(time.time()) + FIVE_MINUTES,
        "jti": uuid.uuid4().hex,
    }
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "ES384", "kid": key.kid}, claims, key, algorithms=["ES384"]),
        "scope": scope,
    }
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(str(card["token_url"]), body) as answer:  # noqa: S310 - the address of the card
        return str(json.load(answer)["access_token"])


if __name__ == "__main__":
    print(get_token(json.loads(Path(sys.argv[1]).read_text()), *sys.argv[2:]))  # noqa: T201
