"""Text that can be printed: a control character cannot be seen in a form, and FHIR cannot say it again."""

from __future__ import annotations

import re

# All characters but control characters; a tab and the end of a line are text.
PRINTED = r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"
NOT_PRINTED = "There is a control character in it. Take it out."


def is_printed(text: str) -> bool:
    return re.fullmatch(f"{PRINTED}*", text) is not None
