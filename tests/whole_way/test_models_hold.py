"""Every test of data and every unit test of a rule holds, on a real archive and on invented ones together."""

import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with


@pytest.mark.slow
def test_every_rule_and_every_key_holds_on_invented_archives(longplay, tmp_path):
    plays = listener_with(2_000, seed=3)
    for layout in ("extended-2023", "extended-2025", "account"):
        write_archive(plays, tmp_path / f"{layout}.zip", layout=layout)
    longplay("import", *sorted(tmp_path.glob("*.zip")))

    assert longplay.json("build", "--test")["steps"] > 350


@pytest.mark.slow
def test_every_key_holds_on_a_real_archive(longplay, samples):
    longplay("import", samples / "extended-small.zip")

    assert longplay.json("build", "--test-data")["steps"] > 150
