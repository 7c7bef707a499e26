"""What the frame of the admin site asks of the browser, and no page outside it does."""

from __future__ import annotations

from csp.constants import UNSAFE_EVAL
from csp.decorators import csp_update

# Unfold's Alpine evaluates the attributes of the frame. Letters, interfaces and the mail catcher have none.
in_frame = csp_update({"script-src": [UNSAFE_EVAL]})
