"""A second service beside Spotify, a jukebox: everything goes with it that goes with the first.

It is one entry in `SERVICES`, as any new service is. The command line and the page's API take it as they are.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import httpx
import pytest
from typer.testing import CliRunner, Result

from segue import app
from segue.app import Asked, Ports, Source, continue_playlist, find_service, open_services, save_list
from segue.cli.exit_codes import exit_code
from segue.cli.main import app as commands
from segue.config import Settings
from segue.errors import EmptyPlaylistError, InputError, SegueError, SignInError
from segue.recommender import Recommender
from segue.services.protocol import (
    About,
    Link,
    MusicService,
    NewList,
    Notify,
    OpenService,
    Reading,
    SavedList,
    SignedIn,
    SignedOut,
)
from segue.types import Check, Playlist, Track, TrackReference
from serving.fixtures import StartServer

ABOUT = About("Jukebox", name_length=40, description_length=40)
SONG = TrackReference(title="Enter Sandman", artist="Metallica")


@dataclass(frozen=True)
class Shelf:
    """A list on the jukebox."""

    id: str
    kind: str = "shelf"

    @property
    def url(self) -> str:
        return f"jukebox:{self.id}"


@dataclass
class Jukebox:
    """What stands in the bar: its records by number, its shelves, and whose coins it holds."""

    records: dict[str, TrackReference] = field(default_factory=lambda: {"B" * 22: SONG})
    shelves: dict[str, list[str]] = field(default_factory=lambda: {"friday": ["B" * 22]})
    coins: dict[str, str] = field(default_factory=dict)


@dataclass
class Coin:
    """The sign-in: a coin of a person, thrown in at the machine or sent along from a browser."""

    jukebox: Jukebox
    slot: str
    is_ready: bool = True

    def check_key(self, text: str) -> str:
        return text

    def sign_in(
        self, key: str, *, show: Callable[[str], object], paste: Callable[[], str] | None
    ) -> SignedIn:
        self.jukebox.coins[self.slot] = "Ada"
        return SignedIn("Ada")

    def begin(self, address: str) -> str:
        return f"{address}?coin=Grace"

    def finish(self, address: str) -> SignedIn:
        self.jukebox.coins[self.slot] = address.partition("?coin=")[2]
        return self.look_up()

    def require(self) -> None:
        if self.slot not in self.jukebox.coins:
            raise SignInError("no coin is in the jukebox", nobody=True, hint="Throw one in.")

    def look_up(self) -> SignedIn:
        self.require()
        return SignedIn(self.jukebox.coins[self.slot])

    def sign_out(self) -> SignedOut:
        return SignedOut(self.jukebox.coins.pop(self.slot, None) is not None)

    def forget_key(self) -> bool:
        return False


@dataclass
class JukeboxService:
    """The tiniest service that does all of it."""

    jukebox: Jukebox
    access: Coin
    notify: Notify
    about: About = ABOUT

    def recognise(self, text: str) -> Link | None:
        scheme, _, shelf = text.strip().partition(":")
        return Shelf(shelf) if scheme == "jukebox" else None

    def read(self, link: Link) -> Playlist:
        numbers = self.jukebox.shelves.get(link.id)
        if not numbers:
            raise EmptyPlaylistError(
                f"there are no songs on the shelf {link.id!r}", hint="Try another shelf."
            )
        return Playlist(tuple(self.jukebox.records[number] for number in numbers), link.id)

    def can_complete(self) -> bool:
        return True

    def complete(self, reading: Reading, unknown: Sequence[int]) -> Reading:
        entries = list(reading.playlist.entries)
        for index in unknown:
            entries[index] = self.jukebox.records.get(entries[index].track_id, entries[index])
        return replace(reading, playlist=replace(reading.playlist, entries=tuple(entries)))

    def find_tracks(self, tracks: Sequence[Track]) -> Mapping[str, str]:
        numbers = {(song.artist, song.title): number for number, song in self.jukebox.records.items()}
        named = {track.track_id: (track.artist, track.name) for track in tracks}
        return {track_id: numbers[name] for track_id, name in named.items() if name in numbers}

    def save(self, tracks: Sequence[Track], found: Mapping[str, str], new: NewList) -> SavedList:
        self.access.require()
        shelf = self.jukebox.shelves.setdefault(new.resume.partition(":")[2] or new.name, [])
        present = len(shelf)
        for track in tracks:
            if found.get(track.track_id, "") not in ("", *shelf):
                shelf.append(found[track.track_id])
                self.notify(f"One record more: {track.name}")
        refused = tuple(track for track in tracks if track.track_id not in found)
        return SavedList(f"jukebox:{new.name}", new.name, len(shelf) - present, present, refused)

    def checks(self) -> Mapping[str, Callable[[], Check]]:
        return {"jukebox": lambda: Check("jukebox", "ok", f"{len(self.jukebox.records)} records")}


def opener_of(jukebox: Jukebox) -> OpenService:
    """Return what stands in `SERVICES` for this jukebox: each browser has a slot of its own."""

    def open_jukebox(settings: Settings, notify: Notify, *, in_memory: bool) -> MusicService:
        slot = f"browser {len(slots)}" if in_memory else "machine"
        slots.append(slot)
        return JukeboxService(jukebox, Coin(jukebox, slot), notify)

    slots: list[str] = []
    return open_jukebox


@pytest.fixture
def jukebox(monkeypatch: pytest.MonkeyPatch) -> Jukebox:
    """A jukebox that holds a record of every song on which the tests look, beside Spotify."""
    there = Jukebox()
    monkeypatch.setattr(app, "SERVICES", (*app.SERVICES, opener_of(there)))
    return there


@pytest.fixture
def ports(open_recommender: Callable[[], Recommender], jukebox: Jukebox) -> Iterator[Ports]:
    with open_recommender() as recommender:
        yield Ports(recommender, open_services(Settings())[1:])


def stock(jukebox: Jukebox, tracks: Sequence[Track]) -> None:
    """Put a record of each track into the jukebox."""
    for number, track in enumerate(tracks):
        jukebox.records[f"{number:022}"] = TrackReference(title=track.name, artist=track.artist)


# -- the flow -----------------------------------------------------------------------------------------------


def test_its_links_are_read(ports: Ports) -> None:
    answer = continue_playlist(Source(b"jukebox:friday"), Asked(5), ports)
    assert answer.reading.playlist.name == "friday"
    assert answer.reading.link == Shelf("friday")
    assert [match.track.name for match in answer.matches if match.track] == ["Enter Sandman"]
    assert len(answer.result.tracks) == 5


def test_its_numbers_are_looked_up_where_the_catalogue_lacks_them(ports: Ports) -> None:
    by_number = continue_playlist(Source(track_ids=("B" * 22,)), Asked(5), ports)
    by_shelf = continue_playlist(Source(b"jukebox:friday"), Asked(5), ports)
    assert by_number.result == by_shelf.result


def test_what_it_cannot_read_is_its_own_error(ports: Ports) -> None:
    with pytest.raises(EmptyPlaylistError, match="no songs on the shelf 'monday'"):
        continue_playlist(Source(b"jukebox:monday"), Asked(5), ports)


def test_the_steps_are_told_before_they_are_taken(ports: Ports) -> None:
    told: list[str] = []
    continue_playlist(Source(b"jukebox:friday"), Asked(5), ports, lambda step: told.append(step.name))
    assert told == ["read", "match", "own", "recommend"]


def test_saving_finds_what_it_has_and_tells_what_it_lacks(ports: Ports, jukebox: Jukebox) -> None:
    has, lacks = Track("A" * 22, "Enter Sandman", ("Metallica",)), Track("isrc:GBUM71029604", "x", ("y",))
    (service,) = ports.services
    service.access.sign_in("", show=print, paste=None)
    saved = save_list(service, [has, lacks], NewList("Monday"))
    assert (saved.added, saved.present, saved.refused) == (1, 0, (lacks,))
    assert jukebox.shelves["Monday"] == ["B" * 22]
    assert save_list(service, [has, lacks], NewList("Monday")).present == 1


# -- which service is meant ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "link", "expected"),
    [
        ("", "", "Spotify"),
        ("JukeBox", "", "Jukebox"),
        ("", "jukebox:friday", "Jukebox"),
        ("spotify", "jukebox:friday", "Spotify"),
        ("", f"https://open.spotify.com/playlist/{'A' * 22}", "Spotify"),
    ],
)
def test_the_service_that_is_meant(jukebox: Jukebox, name: str, link: str, expected: str) -> None:
    assert find_service(open_services(Settings()), name, link=link).about.name == expected


def test_a_service_that_there_is_not(jukebox: Jukebox) -> None:
    with pytest.raises(InputError, match="expected a service: spotify, jukebox; got 'tidal'"):
        find_service(open_services(Settings()), "tidal")


# -- the command line ---------------------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    """Run `segue` as it is typed; an error of ours becomes its exit code, as `main` does it."""
    result = CliRunner().invoke(commands, list(arguments))
    if isinstance(result.exception, SegueError):
        result.exit_code = exit_code(result.exception)
    return result


def test_signing_in_and_out_at_the_command_line(settings: Settings, jukebox: Jukebox) -> None:
    assert run("status", "--service", "jukebox").exit_code == exit_code(SignInError(""))
    assert run("login", "--service", "jukebox").stdout.startswith("Signed in as Ada.\n")
    assert run("status", "--service", "jukebox").stdout == "Signed in as Ada.\n"
    facts = json.loads(run("status", "--service", "jukebox", "--json").stdout)
    assert (facts["signed_in"], facts["name"], facts["ends"], facts["client_id"]) == (True, "Ada", None, None)
    assert "what segue kept from Jukebox is deleted" in run("logout", "--service", "jukebox").stdout
    assert jukebox.coins == {}


def test_saving_at_the_command_line(settings: Settings, jukebox: Jukebox, ports: Ports) -> None:
    picks = continue_playlist(Source(b"jukebox:friday"), Asked(5), ports).result.tracks
    stock(jukebox, [pick.track for pick in picks[:4]])
    command = ("recommend", "jukebox:friday", "-n", "5", "--save", "jukebox")
    assert run(*command).exit_code == exit_code(SignInError(""))
    run("login", "--service", "jukebox")
    result = run(*command)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "jukebox:friday, continued")
    assert 'Added 4 songs to "friday, continued".' in result.stderr
    assert f"One record more: {picks[0].name}" in result.stderr
    assert "Jukebox does not know it" in result.stderr
    assert jukebox.shelves["friday, continued"] == [f"{number:022}" for number in range(4)]
    again = run("recommend", "jukebox:friday", "-n", "5", "--resume", "jukebox:friday, continued")
    assert "(4 were there already)" in again.stderr


def test_its_link_makes_saving_there_the_offer(settings: Settings, jukebox: Jukebox) -> None:
    result = run("recommend", "jukebox:friday", "-n", "5")
    assert "To make it a playlist at Jukebox: add --save jukebox (or --yes)" in result.stderr


def test_a_service_to_save_at_that_there_is_not(settings: Settings, jukebox: Jukebox) -> None:
    result = run("recommend", "jukebox:friday", "--save", "tidal")
    assert "expected spotify or jukebox, got 'tidal'" in str(result.exception)


def test_the_doctor_looks_at_it(settings: Settings, jukebox: Jukebox) -> None:
    checks = json.loads(run("doctor", "--json").stdout)["checks"]
    assert checks[-1] == {"name": "jukebox", "state": "ok", "found": "1 records", "todo": ""}


# -- the page's API -----------------------------------------------------------------------------------------


@pytest.fixture
def browser(jukebox: Jukebox, start_server: StartServer) -> Iterator[httpx.Client]:
    with start_server().client(follow_redirects=False) as client:
        yield client


def test_signing_in_finding_and_saving_in_the_page(
    browser: httpx.Client, jukebox: Jukebox, ports: Ports
) -> None:
    answer = browser.post("/api/v1/recommendations", json={"playlist": "jukebox:friday", "n": 5})
    picks = [pick["track_id"] for pick in answer.json()["tracks"]]
    found = map(ports.recommender.catalogue.find_track, picks)
    stock(jukebox, [track for track in found if track])
    body = {"name": "From the page", "tracks": picks}
    refused = browser.post("/api/v1/jukebox/playlists", json=body).json()
    assert (refused["status"], refused["detail"]) == (403, "no coin is in the jukebox")

    url = browser.post("/api/v1/jukebox/sign-in").json()["url"]
    assert browser.get(url).headers["location"] == "/?jukebox"
    account = browser.get("/api/v1/session").json()["accounts"]["jukebox"]
    assert account == {"name": "Jukebox", "ready": True, "user": "Grace"}

    saved = browser.post("/api/v1/jukebox/playlists", json=body).json()
    assert saved == {
        "url": "jukebox:From the page", "name": "From the page", "added": 5, "present": 0, "refused": [],
    }  # fmt: skip
    assert len(jukebox.shelves["From the page"]) == 5
    assert browser.post("/api/v1/jukebox/sign-out").json()["accounts"]["jukebox"]["user"] is None
    assert jukebox.coins == {}


def test_a_coin_of_one_browser_is_no_others(browser: httpx.Client, jukebox: Jukebox) -> None:
    browser.get(browser.post("/api/v1/jukebox/sign-in").json()["url"])
    with httpx.Client(base_url=browser.base_url) as other:
        accounts = other.get("/api/v1/session").json()["accounts"]
    assert [account["user"] for account in accounts.values()] == [None, None]


def test_what_it_offers_is_in_the_reference(browser: httpx.Client) -> None:
    paths = browser.get("/api/openapi.json").json()["paths"]
    for action in ("sign-in", "sign-out", "playlists"):
        assert {f"/api/v1/{name}/{action}" for name in ("spotify", "jukebox")} <= paths.keys()
