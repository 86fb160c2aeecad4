"""The same input gives the same picks, notes, look-ups and errors everywhere: command, page, API, Python."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from typer.testing import CliRunner

from segue.cli.exit_codes import exit_code
from segue.cli.main import app
from segue.config import Settings
from segue.errors import SegueError
from segue.recommender import Recommender
from segue.web.problems import kind_of as slug
from serving import Running


@dataclass(frozen=True)
class Case:
    """A playlist, what is asked of it, and the class of the error that must come; none for an answer."""

    name: str
    text: str
    controls: dict[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    error: str = ""
    exclude: tuple[str, ...] = ()


CASES = (
    Case("lines", "Muse - Starlight\nMetallica - Enter Sandman"),
    Case("links", "https://open.spotify.com/track/{0}\nspotify:track:{1}\n{2}"),
    Case("a csv", "Title,Artist\nEnter Sandman,Metallica\nno such song,no such band"),
    Case("twice the same", "{0}\n{0}\n{1}"),
    Case("few fit", "{0}\n{1}", {"minimum": {"tempo": 205}}, ("--min", "tempo=205")),
    Case("one each", "{0}\n{1}", {"max_per_artist": 1}, ("--per-artist", "1")),
    Case("best first", "{0}\n{1}", {"order": "score"}, ("--order", "score")),
    Case("years without songs", "{0}", {"years": (1900, 1901)}, ("--years", "1900-1901"), "NothingFitsError"),
    Case("an unknown artist", "{0}", {"exclude_artists": ("No One",)}, ("--exclude-artist", "No One")),
    Case("a library left out", "{0}\n{1}", exclude=("Metallica - One\nNobody - Nothing", "{2}\n{3}")),
    Case("bad ids left out", "{0}", error="InvalidTrackIdError", exclude=("spotify:track:x",)),
    Case("an artist", "Metallica"),
    Case("artists", "Metallica, Queen and Iron Maiden"),
    Case("an album", "Metallica - Master of Puppets\nPink Floyd - The Wall"),
    Case("nothing fits", "{0}", {"minimum": {"tempo": 299}}, ("--min", "tempo=299"), "NothingFitsError"),
    Case("crossed", "{0}", {"years": (2000, 1990)}, ("--years", "2000-1990"), "InvalidControlsError"),
    Case("nothing known", "No Such Band - No Such Song\nNobody - Nothing", error="NoUsableSeeds"),
    Case("a web page", "<html><body>Songs</body></html>", error="PlaylistFormatError"),
    Case("a bad id", "spotify:track:short\nspotify:track:short2", error="InvalidTrackIdError"),
    Case("a list at Spotify", "https://open.spotify.com/playlist/" + "A" * 22, error="SignInError"),
)  # fmt: skip

Told = tuple[list[str], list[str], list[str]] | str
Ask = Callable[[Case, str], Told]


def told(answer: dict[str, Any]) -> Told:
    """Picks, notes and unmatched of one answer in JSON, whoever gave it."""
    unmatched = [each["reference"] if isinstance(each, dict) else each for each in answer["unmatched"]]
    return [pick["track_id"] for pick in answer["tracks"]], answer["notes"], unmatched


@pytest.fixture(scope="module", autouse=True)
def folders(served_settings: Settings) -> Iterator[None]:
    """Let command and Python use the folders of the server."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [
            name for name in os.environ if name.startswith("SEGUE_") and name != "SEGUE_SHARED_DATA"
        ]:
            patch.delenv(name)
        patch.setenv("SEGUE_DATA_DIR", str(served_settings.data_dir))
        patch.setenv("SEGUE_CONFIG_DIR", str(served_settings.config_dir))
        yield


def by_command(case: Case, text: str) -> Told:
    excluded = [part for each in case.exclude for part in ("--exclude", each)]
    result = CliRunner().invoke(app, ["recommend", "-", "--json", *case.options, *excluded], input=text)
    if isinstance(result.exception, SegueError):
        assert exit_code(result.exception) not in (0, 70)
        return type(result.exception).__name__
    assert result.exit_code == 0, result.output
    return told(json.loads(result.stdout))


def by_python(case: Case, text: str) -> Told:
    with Recommender.open() as recommender:
        try:
            playlist = recommender.read(text.encode())
            answer = recommender.recommend(playlist, controls=case.controls, exclude=case.exclude)
            return told(answer.to_dict())
        except SegueError as error:
            return type(error).__name__


def body_of(case: Case, text: str) -> dict[str, Any]:
    controls = {
        name: {"minimum": value[0], "maximum": value[1]} if name == "years" else value
        for name, value in case.controls.items()
    }
    exclude = [{"playlist": each} for each in case.exclude]
    return {"playlist": text, "controls": controls, "exclude": exclude}


def kind_of(problem: dict[str, Any]) -> str:
    """Return the class of the error that a problem tells of."""
    return next(each.__name__ for each in kinds(SegueError) if problem["type"] == f"/docs#{slug(each)}")


def kinds(root: type[SegueError]) -> Iterator[type[SegueError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


def by_api(running: Running) -> Ask:
    def ask(case: Case, text: str) -> Told:
        with running.client() as client:
            response = client.post("/api/v1/recommendations", json=body_of(case, text))
        answer = response.json()
        return told(answer) if response.status_code == 200 else kind_of(answer)

    return ask


def by_page(running: Running) -> Ask:
    def ask(case: Case, text: str) -> Told:
        with running.client() as client:
            response = client.post("/api/v1/recommendations/events", json=body_of(case, text))
        if response.status_code != 200:
            return kind_of(response.json())
        name, data = response.text.strip().split("\n\n")[-1].split("\n")
        answer = json.loads(data.removeprefix("data: "))
        return told(answer) if name == "event: result" else kind_of(answer)

    return ask


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_all_four_ways_tell_the_same(case: Case, some_ids: list[str], server: Running) -> None:
    text = case.text.format(*some_ids)
    case = replace(case, exclude=tuple(each.format(*some_ids) for each in case.exclude))
    ways: dict[str, Ask] = {
        "command": by_command,
        "python": by_python,
        "api": by_api(server),
        "page": by_page(server),
    }
    answers = {name: ask(case, text) for name, ask in ways.items()}
    expected = answers["python"]
    assert answers == dict.fromkeys(ways, expected)
    assert (expected if isinstance(expected, str) else "") == case.error
