"""protocols ← clinic ← notifications ← ispath, for imports, foreign keys and reverse names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.db.models import Model

from tests.architecture.packages import ARROW, ROOT, our_models, package_of, source_files


def imported_packages(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
    return found


@pytest.mark.parametrize("package", ARROW)
def test_a_package_imports_only_those_below_it(package: str) -> None:
    above = set(ARROW[ARROW.index(package) + 1 :]) | {"tests", "devstack"}

    wrong = {str(p.relative_to(ROOT)): imported_packages(p) & above for p in source_files(package)}

    assert {path: names for path, names in wrong.items() if names} == {}


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_a_foreign_key_points_down_the_arrow_and_leaves_no_name_there(model: type[Model]) -> None:
    own = package_of(model)
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        target = field.related_model
        if not isinstance(target, type) or package_of(target) not in ARROW or package_of(target) == own:
            continue
        assert ARROW.index(package_of(target)) < ARROW.index(own), f"{field} points up the arrow"
        assert field.remote_field is not None
        assert field.remote_field.hidden, (
            f"{field}: give it related_name='+', the lower package must not know"
        )
