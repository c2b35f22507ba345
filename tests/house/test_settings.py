"""Settings are what the user set for Longplay, and nothing that the system says to everybody."""

from contextlib import chdir

import pytest
from platformdirs import user_data_path

from longplay.settings import Settings


@pytest.fixture
def bare(environment, tmp_path):
    """A machine on which nothing is set for Longplay, and a folder without `.env`."""
    for name in (field.alias for field in Settings.model_fields.values()):
        environment.pop(str(name), None)
    with chdir(tmp_path):
        yield


@pytest.mark.usefixtures("bare")
def test_the_words_of_the_system_set_nothing(environment, tmp_path):
    environment |= {"HOME": str(tmp_path), "USER": "kim", "PATIENCE": "7"}

    settings = Settings()

    assert (settings.home, settings.user, settings.patience) == (user_data_path("longplay"), "me", 30)


@pytest.mark.usefixtures("bare")
def test_what_is_set_for_longplay_holds_and_what_is_given_goes_before(environment, tmp_path):
    environment |= {"LONGPLAY_HOME": str(tmp_path / "set"), "LONGPLAY_USER": "kim"}

    assert (Settings().home, Settings().user) == (tmp_path / "set", "kim")
    assert Settings(LONGPLAY_HOME=tmp_path / "given").home == tmp_path / "given"
