"""What is asked of the Web API, and what comes back."""

import msgspec
import pytest

from longplay.simulator.web.faults import FAULTS, Fault
from longplay.spotify import errors
from longplay.spotify.records import Page

from .conftest import RECENT, sign_in

RECENT_ON_THE_WIRE = f"/v1{RECENT}"

pytestmark = pytest.mark.usefixtures("listener")


def _leads_to(link: str) -> bytes:
    return msgspec.json.encode({"items": [], "next": link})


@pytest.fixture
def answers(spotify, monkeypatch):
    """Let Spotify answer calls to a path with these bodies, one after another."""

    def answers(path: str, *bodies: bytes) -> None:
        for number, body in enumerate(bodies):
            fault = Fault(200, body, "application/json")
            monkeypatch.setitem(FAULTS, f"answer {number}", fault)
            spotify.break_down(f"answer {number}", path)

    return answers


@pytest.mark.parametrize(
    "fault",
    ["server error", "bad gateway", "unavailable", "empty error", "gateway timeout", "not JSON", "cut off", "network gone"],
)
def test_what_may_heal_is_tried_again(spotify, connect, fault):
    spotify.break_down(fault, RECENT_ON_THE_WIRE, times=3)

    assert b"Alright" in connect().spotify.get(RECENT)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("server error", "it answered 500"),
        ("bad gateway", "it answered 502"),
        ("gateway timeout", "it answered 504"),
        ("not JSON", "did not come from Spotify"),
        ("cut off", "was cut off"),
        ("network gone", "was cut off"),
    ],
)
def test_what_does_not_heal_is_said_after_four_tries_and_the_next_run_continues(spotify, connect, fault, sentence):
    spotify.calls.forget()
    spotify.break_down(fault, RECENT_ON_THE_WIRE, times=4)

    with pytest.raises(errors.SpotifyDown, match=sentence) as told:
        connect().spotify.get(RECENT)
    assert told.value.action
    assert len(spotify.calls) == 4
    assert b"Alright" in connect().spotify.get(RECENT)


def test_an_answer_that_takes_too_long_is_given_up(spotify, connect):
    spotify.break_down("slow", RECENT_ON_THE_WIRE, seconds=3)

    with pytest.raises(errors.SpotifyDown, match="in time"):
        connect(timeout=0.2, tries=1).spotify.get(RECENT)


def test_a_network_that_is_gone_is_said(spotify, connect):
    gone = connect()
    spotify.__exit__()

    with pytest.raises(errors.SpotifyDown, match="cannot be reached") as told:
        gone.spotify.get(RECENT)
    assert "network" in told.value.action


def test_an_answer_is_handed_on_byte_for_byte(connect, answers):
    body = b'{ "items" : [],\n "next":null, "cursors":null, "limit":50 ,"href":"\xc3\xa9\\u00e9" }'
    answers(RECENT_ON_THE_WIRE, body)

    assert connect().spotify.get(RECENT) == body


def test_a_listing_is_followed_to_its_end_and_no_page_comes_twice(spotify, connect):
    for minute in range(45):
        spotify.has_played(f"Song {minute}", at=f"06:{minute:02}")
    spotify.clock.move(days=40)
    spotify.calls.forget()

    pages = list(connect().spotify.pages("/me/top/tracks", limit=20, time_range="long_term"))

    names = [msgspec.json.decode(item)["name"] for page in pages for item in msgspec.json.decode(page, type=Page).items or []]
    assert [len(msgspec.json.decode(page)["items"]) for page in pages] == [20, 20, 6]
    assert len(set(names)) == 46
    assert all("time_range=long_term" in call.query for call in spotify.calls.to("/v1/me/top/tracks"))


def test_pages_come_as_they_are_wanted(spotify, connect):
    spotify.calls.forget()
    pages = connect().spotify.pages(RECENT, limit=1)

    next(pages)

    assert len(spotify.calls) == 1


def test_a_link_that_leads_back_ends_the_listing(spotify, connect, answers):
    first, second = f"{spotify.api}/me/tracks?offset=0&limit=2", f"{spotify.api}/me/tracks?offset=2&limit=2"
    answers("/v1/me/tracks", *map(_leads_to, (second, first, second)))
    spotify.calls.forget()

    assert len(list(connect().spotify.pages("/me/tracks", limit=2, offset=0))) == 2
    assert len({call.query for call in spotify.calls}) == 2


def test_our_token_is_not_carried_to_another_place(spotify, connect, answers):
    spotify.calls.forget()
    elsewhere = spotify.origin.replace("127.0.0.1", "localhost") + "/v1/me/tracks?offset=2"
    answers("/v1/me/tracks", _leads_to(elsewhere))

    with pytest.raises(errors.SpotifyDown, match="another place"):
        list(connect().spotify.pages("/me/tracks"))
    assert len(spotify.calls) == 1


@pytest.mark.parametrize("body", [b'{"items":[],"next":5}', b"[1,2]", b'{"items":[', b""])
def test_a_page_that_is_none_is_tried_again_and_then_said(connect, answers, body):
    answers("/v1/me/tracks", *[body] * 4)

    with pytest.raises(errors.SpotifyDown, match="cut off"):
        list(connect().spotify.pages("/me/tracks"))


def test_no_answer_at_all_is_an_empty_one(spotify, connect):
    spotify.break_down("nothing", "/v1/me/player", times=2)

    assert connect().spotify.get("/me/player/currently-playing") == b""
    assert list(connect().spotify.pages("/me/player/currently-playing")) == [b""]


def test_what_is_closed_to_the_app_is_done_without(spotify, connect):
    spotify.calls.forget()

    with pytest.raises(errors.NotAvailable, match="closed"):
        connect().spotify.get("/markets")
    assert len(spotify.calls) == 1


def test_what_does_not_exist_is_told_apart_from_what_is_closed(connect):
    with pytest.raises(errors.NotThere):
        connect().spotify.get("/tracks/0000000000000000000001")


def test_a_question_of_ours_that_makes_no_sense_is_not_repeated(spotify, connect):
    spotify.calls.forget()

    with pytest.raises(errors.WrongQuestion, match="400"):
        connect().spotify.get(RECENT, limit=51)
    assert len(spotify.calls) == 1


def test_a_consent_that_lacks_something_asks_to_agree_again(connect, monkeypatch):
    monkeypatch.setattr("longplay.spotify.auth.SCOPES", ("user-top-read",))
    sign_in(connect())

    with pytest.raises(errors.LoginNeeded, match="does not cover"):
        connect().spotify.get(RECENT)
    assert not connect().consent().is_over


def test_an_owner_who_lost_premium_is_told_and_the_next_run_continues(spotify, connect):
    spotify.app.owner_has_premium = False
    with pytest.raises(errors.OwnerNeedsPremium):
        connect().spotify.get(RECENT)

    spotify.app.owner_has_premium = True
    assert connect().spotify.get(RECENT)


def test_a_listener_taken_off_the_list_is_told(spotify, connect):
    spotify.app.users = frozenset()

    with pytest.raises(errors.NotOnTheList):
        connect().spotify.get(RECENT)


@pytest.mark.parametrize("profile", ["restricted_dev", "legacy_dev", "extended"])
def test_the_profile_is_found_out_by_asking_and_remembered(spotify, connect, profile):
    sign_in(connect("other", profile=profile))
    spotify.calls.forget()

    assert connect("other", profile=profile).profile() == profile
    asked = len(spotify.calls)
    assert asked <= 2
    assert connect("other", profile=profile).profile() == profile
    assert len(spotify.calls) == asked
    assert connect("other", profile=profile).profile_known().found_at == spotify.clock()


def test_the_profile_is_asked_for_again_after_a_month(spotify, connect):
    assert connect().profile() == "restricted_dev"
    spotify.app.profile = "extended"
    spotify.clock.move(days=29)
    assert connect().profile() == "restricted_dev"
    spotify.clock.move(days=1)

    assert connect().profile() == "extended"


def test_a_profile_that_could_not_be_found_out_is_not_made_up(spotify, connect):
    spotify.break_down("server error", "/v1/audio-features", times=None)

    with pytest.raises(errors.SpotifyDown):
        connect().profile()
    assert connect().profile_known() is None
