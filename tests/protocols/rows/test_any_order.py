"""Whatever is tried in whatever order: what was signed stays as it was signed, by two people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from protocols import models, reading
from protocols.differing import digest_of
from protocols.drafting import clone_edition
from protocols.models.editions import STEPS
from protocols.refusal import Refusal
from protocols.signing import check_edition, put_in_force, reopen_edition, retire, sign_edition
from tests.factories.protocols import NOW, TODAY, lead, neurologist

Edition = models.ProtocolEdition

ACTS: dict[str, Callable[[Edition], object]] = {
    "check": lambda edition: check_edition(edition, by=lead(), now=NOW),
    "reopen": lambda edition: reopen_edition(edition, by=neurologist()),
    "lead signs": lambda edition: sign_edition(edition, role="pathway lead", by=lead(), now=NOW),
    "neurologist signs": lambda edition: sign_edition(edition, role="neurologist", by=neurologist(), now=NOW),
    "put in force": lambda edition: put_in_force(edition, on=TODAY, by=lead(), now=NOW),
    "retire": lambda edition: retire(edition, on=TODAY + timedelta(days=1), by=lead(), now=NOW),
    "edit": lambda edition: models.ProtocolNote.objects.filter(edition=edition).update(text="Edited."),
}


@pytest.mark.usefixtures("draft")
@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=10))
def test_in_any_order_of_acts_the_life_of_an_edition_keeps_its_promises(acts: list[str]) -> None:
    with transaction.atomic():
        draft = Edition.objects.get(number="1.1")
        edition = clone_edition(draft, reason="Tried.", by=lead(), now=NOW)
        for act in acts:
            before = Edition.objects.get(pk=edition.pk)
            attempt(act, before)
            after = Edition.objects.get(pk=edition.pk)
            keeps_its_promises(before, after)
        transaction.set_rollback(True)


def attempt(act: str, edition: Edition) -> None:
    """Do it, or be refused: by a verb with a sentence, or by the database."""
    with suppress(Refusal, IntegrityError), transaction.atomic():
        ACTS[act](edition)


def keeps_its_promises(before: Edition, after: Edition) -> None:
    assert before.state == after.state or (before.state, after.state) in STEPS
    if after.state not in {"draft", "checked"}:
        assert after.first_signed_by != after.second_signed_by
        assert None not in {after.first_signed_by, after.second_signed_by}
    if after.content_digest:
        assert digest_of(reading.read_anew(after)) == after.content_digest
