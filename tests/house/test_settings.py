"""Settings are what the user set for Longplay, and nothing that the system says to everybody."""

from contextlib import chdir

import pytest
from platformdirs import user_data_path

from longplay.misspelling import misspelled
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


@pytest.mark.usefixtures("bare")
def test_a_name_that_is_no_setting_is_told_with_the_one_that_is_meant(environment, tmp_path):
    written = (
        "# LONGPLAY_HOM",
        "export LONGPLAY_HOEM",
        "longplay_client_idd",
        "SNOWFLAKE_ACOUNT",
        "LONGPLAY_USER",
        "LONGPLAY_COLOUR",
    )
    (tmp_path / ".env").write_text("".join(f"{name}=x\n" for name in written))
    environment["LONGPLAY_TIME_ZONE"] = "Europe/Berlin"

    assert dict(misspelled()) == {
        "LONGPLAY_HOEM": "LONGPLAY_HOME",
        "LONGPLAY_CLIENT_IDD": "SPOTIFY_CLIENT_ID",
        "LONGPLAY_TIME_ZONE": "LONGPLAY_TIMEZONE",
        "LONGPLAY_COLOUR": None,
        "SNOWFLAKE_ACOUNT": "SNOWFLAKE_ACCOUNT",
    }


@pytest.mark.usefixtures("bare")
def test_names_of_others_are_theirs(environment, tmp_path):
    names = (
        "AWS_PROFILE",
        "AWS_DEFAULT_REGION",
        "SNOWFLAKE_USERNAME",
        "AIRFLOW_HOME",
        "COMPOSE_PROJECT_NAME",
        "SPOTIPY_CLIENT_ID",
        "LONGPLAY_LISTENERS",
        "LONGPLAY_TELL",
    )
    (tmp_path / ".env").write_text("".join(f"{name}=1\n" for name in names))
    environment |= dict.fromkeys((*names, "LONGPLAY_WAREHOUSE", "LONGPLAY_SAMPLES"), "1")

    assert dict(misspelled()) == {}
