"""Fresh tokens for schemathesis, whose runs outlive one: the card in CARD, narrower scopes in SCOPE."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import schemathesis

from docs.ehr.get_token import get_token

THREE_MINUTES = 180


@schemathesis.auth(refresh_interval=THREE_MINUTES)
class ClientAssertion:
    """The token of the demo client, or of the one whose card is named."""

    def get(self, case: Any, context: Any) -> str:
        """Ask for a token with every scope that the client has."""
        card = json.loads(Path(os.environ.get("CARD", "var/sandbox/demo-client.json")).read_text())
        return get_token(card, os.environ.get("SCOPE", card["scopes"]))

    def set(self, case: Any, data: str, context: Any) -> None:
        """Send it with a request."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}
