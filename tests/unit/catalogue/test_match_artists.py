"""An artist's name alone, several, or an album: their best-known songs."""

from pathlib import Path

import numpy as np
import pytest

from made_tracks import make_id
from segue.catalogue.match.artists import find_named_seeds
from segue.catalogue.store import Catalogue
from segue.types import Track, TrackReference

TRACKS = [  # title, artist, album, popularity
    ("Lithium", "Nirvana", "Nevermind", 70),
    ("Smells Like Teen Spirit", "Nirvana", "Nevermind", 90),
    ("Smells Like Teen Spirit - Live", "Nirvana", "Live", 30),
    ("About A Girl", "Nirvana", "Bleach", None),
    ("Negative Creep", "Nirvana", "Bleach", 20),
    ("Alive", "Pearl Jam", "Ten", 80),
    ("Jeremy", "Pearl Jam", "Ten", 0),
    ("Black", "Pearl Jam", "Ten", 70),
    ("Changes", "2Pac", "Greatest Hits", 70),
    ("Dear Mama", "2Pac", "Me Against The World", 75),
    ("Nirvana", "Sam Smith", "Nirvana EP", 50),
]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    made = Catalogue.create(tmp_path / "made.sqlite")
    made.upsert(
        Track(make_id(number), name=name, artists=(artist,), album=album, popularity=popularity)
        for number, (name, artist, album, popularity) in enumerate(TRACKS)
    )
    return made


def test_an_artist_gives_the_best_known_songs_one_version_each(catalogue: Catalogue) -> None:
    (found,) = find_named_seeds(catalogue, TrackReference(title="nirvana"))
    assert (found.kind, found.name) == ("artist", "Nirvana")
    assert [track.name for track in found.tracks] == [
        "Smells Like Teen Spirit", "Lithium", "About A Girl", "Negative Creep",
    ]  # fmt: skip


def test_unknown_popularity_is_not_unpopular(catalogue: Catalogue) -> None:
    (found,) = find_named_seeds(catalogue, TrackReference(artist="Pearl Jam"), most=2)
    assert len(found.tracks) == 2
    (found,) = find_named_seeds(catalogue, TrackReference(artist="Nirvana"))
    names = [track.name for track in found.tracks]
    assert names.index("About A Girl") < names.index("Negative Creep")


def test_lists_say_more_than_popularity(catalogue: Catalogue) -> None:
    counts = np.zeros(len(TRACKS))
    counts[4] = 7
    (found,) = find_named_seeds(catalogue, TrackReference(title="Nirvana"), most=1, list_counts=counts)
    assert found.tracks[0].name == "Negative Creep"


@pytest.mark.parametrize("text", ["Nirvana, Pearl Jam and Tupac", "Nirvana; Pearl Jam; 2Pac"])
def test_several_artists(catalogue: Catalogue, text: str) -> None:
    found = find_named_seeds(catalogue, TrackReference(title=text))
    assert [each.name for each in found] == ["Nirvana", "Pearl Jam", "2Pac"]


@pytest.mark.parametrize(
    ("artist", "title"), [("Nirvana", "Nevermind"), ("nevermind (Remastered)", "NIRVANA")]
)
def test_an_album(catalogue: Catalogue, artist: str, title: str) -> None:
    (found,) = find_named_seeds(catalogue, TrackReference(artist=artist, title=title))
    assert (found.kind, found.name) == ("album", "Nirvana - Nevermind")
    assert [track.name for track in found.tracks] == ["Smells Like Teen Spirit", "Lithium"]


@pytest.mark.parametrize(
    "entry",
    [
        TrackReference(),
        TrackReference(title="Nobody"),
        TrackReference(title="Sam Smith"),  # one song alone does not make an artist
        TrackReference(title="Nirvana, Nobody"),
        TrackReference(artist="Nirvana", title="Lithium"),
    ],
)
def test_what_is_neither(catalogue: Catalogue, entry: TrackReference) -> None:
    assert find_named_seeds(catalogue, entry) == ()
