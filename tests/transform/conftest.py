"""The dbt project, compiled once for all tests of this folder."""

from pathlib import Path

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from tests.transform.warehouse import CompiledProject, Warehouse, create_landing

TRANSFORM = Path(__file__).parents[2] / "transform"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> CompiledProject:
    """Compile the project against an empty warehouse."""
    folder = tmp_path_factory.mktemp("dbt")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        create_landing(connection)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LONGPLAY_WAREHOUSE", str(folder / "warehouse.duckdb"))
        outcome = dbtRunner().invoke([
            "compile", "--quiet", "--project-dir", str(TRANSFORM), "--profiles-dir", str(TRANSFORM),
            "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"),
        ])  # fmt: skip
        DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception
    return CompiledProject.from_manifest(folder / "target" / "manifest.json", TRANSFORM / "seeds")


@pytest.fixture(scope="module")
def warehouse(project: CompiledProject) -> Warehouse:
    """Give an empty warehouse."""
    return Warehouse(project)
