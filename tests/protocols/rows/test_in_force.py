"""Which edition a course that starts today runs on, and what the dose engine is given with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from protocols import models, reading
from protocols.drafting import clone_edition
from protocols.in_force import formulary_with, protocols_in_force
from protocols.signing import check_edition
from tests.factories.protocols import NOW, TODAY, in_force, lead, library_in_force, protocol_edition

TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.usefixtures("library")
def test_nothing_is_in_force_until_somebody_signed() -> None:
    assert protocols_in_force(TODAY) == {}


def test_the_whole_library_can_be_put_in_force(db: None) -> None:
    library_in_force()

    assert len(protocols_in_force(TODAY)) == models.Protocol.objects.count()
    assert models.PathwayEdition.objects.in_force(TODAY).count() == models.Pathway.objects.count()


def test_of_two_editions_in_force_a_new_course_runs_on_the_newer(
    shipped_edition: models.ProtocolEdition,
) -> None:
    older = in_force(shipped_edition)
    clone = clone_edition(older, reason="Newer.", by=lead(), now=NOW)
    newer = in_force(check_edition(clone, by=lead(), now=NOW), on=TOMORROW)

    assert protocols_in_force(TODAY) == {"prednisolone-ukiss": older}
    assert protocols_in_force(TOMORROW) == {"prednisolone-ukiss": newer}


@pytest.mark.usefixtures("library")
def test_a_combination_brings_its_parts_in_the_edition_in_force_else_in_the_newest_checked() -> None:
    combination = reading.protocol_values(protocol_edition("combination-iciss"))
    before = formulary_with(combination, on=TODAY)
    clone = clone_edition(protocol_edition("vigabatrin-ukiss"), reason="Ours.", by=lead(), now=NOW)
    in_force(check_edition(clone, by=lead(), now=NOW))

    after = formulary_with(combination, on=TODAY)

    assert {part.protocol for part in combination.parts} < set(before.editions)
    assert (before.editions["vigabatrin-ukiss"].edition, after.editions["vigabatrin-ukiss"].edition) == (
        "1",
        "1.1",
    )
    assert after.editions["prednisolone-ukiss"].edition == "1"


@pytest.mark.usefixtures("library")
def test_a_pathway_needs_no_editions_beside_it() -> None:
    policy = models.PathwayEdition.objects.select_related("pathway").order_by("pk")[0]

    formulary = formulary_with(reading.pathway_values(policy))

    assert formulary.editions == {}
    assert "prednisolone" in formulary.drugs


@pytest.mark.usefixtures("library")
def test_a_signed_pathway_is_read_once() -> None:
    policy = in_force(models.PathwayEdition.objects.select_related("pathway").order_by("pk")[0])

    assert reading.pathway_values(policy) is reading.values_of(policy)


@pytest.mark.usefixtures("library")
def test_editions_that_wait_are_found_by_what_they_wait_for(draft: models.ProtocolEdition) -> None:
    assert list(models.ProtocolEdition.objects.drafts()) == [draft]
    assert draft not in models.ProtocolEdition.objects.awaiting_signature()
    signed = in_force(protocol_edition("vigabatrin-ukiss"))
    assert list(models.ProtocolEdition.objects.signed()) == [signed]
