"""The dbt project, executed once for all tests of this folder."""

from pathlib import Path

import pytest

from tests.transform.warehouse import ExecutedProject, Warehouse

TRANSFORM = Path(__file__).parents[2] / "transform"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> ExecutedProject:
    """Let dbt build the project against an empty warehouse, and keep what it executed."""
    folder = tmp_path_factory.mktemp("dbt")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LONGPLAY_WAREHOUSE", str(folder / "warehouse.duckdb"))
        return ExecutedProject.of(TRANSFORM, folder)


@pytest.fixture(scope="module")
def warehouse(project: ExecutedProject) -> Warehouse:
    """Give an empty warehouse."""
    return Warehouse(project)
