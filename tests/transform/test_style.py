"""The models' SQL reads alike everywhere, and holds nothing that misleads."""

from pathlib import Path

import pytest
from sqlfluff.core import FluffConfig, Linter

from tests.transform.conftest import TRANSFORM

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def linter() -> Linter:
    return Linter(config=FluffConfig.from_path(str(TRANSFORM)))


def _findings(linter: Linter, path: Path) -> list[str]:
    linted = linter.lint_string(path.read_text(encoding="utf-8"), fname=path.name)
    return [f"{path.name}:{found.line_no} {found.rule_code()} {found.description}" for found in linted.get_violations()]


def test_the_models_keep_to_the_rules_of_style(project, linter):
    models = sorted(project.compiled.rglob("*.sql"))

    assert {path.stem for path in models} >= {model.name for model in project.models}
    assert [finding for path in models for finding in _findings(linter, path)] == []


def test_what_misleads_is_found(linter, tmp_path):
    (tmp_path / "plays.sql").write_text(
        "with unread as (select 1 as one)\n\nselect case when 1 = null then 1 else null end AS one\n"
    )

    assert {finding.split()[1] for finding in _findings(linter, tmp_path / "plays.sql")} == {"ST03", "CV05", "ST01", "CP01"}
