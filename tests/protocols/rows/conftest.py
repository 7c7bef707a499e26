from __future__ import annotations

import pytest

from protocols import models
from tests.factories import protocols as factories


@pytest.fixture
def library(db: None) -> None:
    """The shipped library, loaded and unsigned."""
    factories.load_library()


@pytest.fixture
def shipped_edition(library: None) -> models.ProtocolEdition:
    return factories.protocol_edition()


@pytest.fixture
def draft(shipped_edition: models.ProtocolEdition) -> models.ProtocolEdition:
    """A copy of a shipped edition that may still be edited."""
    from protocols.drafting import clone_edition

    return clone_edition(
        shipped_edition, reason="Ours tapers longer.", by=factories.lead(), now=factories.NOW
    )
