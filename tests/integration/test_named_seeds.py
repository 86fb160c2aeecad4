"""An artist, several, or an album in place of a song: their best-known songs are listened to."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from made_tracks import make_track
from segue import Recommender
from segue.catalogue.store import Catalogue

TITLES = ["Sand", "Stone", "Glass", "Iron", "Water", "Smoke", "Light", "Paper", "Cloth", "Salt", "Amber"]


@pytest.fixture(scope="module")
def recommender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recommender]:
    """Three artists of eleven songs each, a lesser one called Creep, and a song of that name."""
    tracks = [
        make_track(100 * artist + number, name=title, artists=(name,), album=album, popularity=50 + number)
        for artist, (name, album) in enumerate(
            (("Ferrum", "Rust"), ("Aqua Terra", "Tides"), ("Кино", "Группа крови"))
        )
        for number, title in enumerate(TITLES)
    ]
    tracks += [
        make_track(900, name="Creep", artists=("Well Known",), popularity=90),
        make_track(901, name="Days", artists=("Creep",), popularity=10),
        make_track(902, name="Nights", artists=("Creep",), popularity=10),
        replace(make_track(903), name="The Only Song There Is", artists=("Solo",)),
    ]
    path = Path(tmp_path_factory.mktemp("named")) / "named.sqlite"
    with Catalogue.create(path) as catalogue:
        catalogue.upsert(tracks)
    with Recommender.open(path, "audio") as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "named", "songs", "method"),
    [
        ("Ferrum", ("Ferrum",), 10, "artist"),
        ("ferrum", ("Ferrum",), 10, "artist"),
        ("Кино", ("Кино",), 10, "artist"),
        ("Ferrum and Aqua Terra", ("Ferrum", "Aqua Terra"), 20, "artist"),
        ("Ferrum, Aqua Terra and Кино", ("Ferrum", "Aqua Terra", "Кино"), 30, "artist"),
        ("Ferrum - Rust", ("Ferrum - Rust",), 11, "album"),
        ("Creep", (), 0, "none"),
        ("Ferrum - No Such Album", (), 0, "none"),
        ("The Only Song There Is", (), 0, "name"),
    ],
)
def test_what_stands_for_a_name(
    recommender: Recommender, text: str, named: tuple[str, ...], songs: int, method: str
) -> None:
    (match,) = recommender.match([text])
    assert (match.named, len(match.songs), match.method) == (named, songs, method), match.closest
    if songs:
        assert match.songs[0].popularity == 60, "the best known first"
        assert match.tracks == match.songs


def test_it_is_said_once_and_the_songs_are_seeds_and_no_picks(recommender: Recommender) -> None:
    result = recommender.recommend(["Ferrum", "Ferrum", "Aqua Terra - Tides"], n=5)
    assert result.notes[:2] == (
        "Ferrum: 10 of its best-known songs.",
        "Aqua Terra - Tides: the 11 songs of this album that the catalogue holds.",
    )
    assert result.unmatched == ()
    assert len(result.seeds) == 21
    assert not {seed.track_id for seed in result.seeds} & {pick.track_id for pick in result.tracks}
