"""Own songs never come back: versions, spellings, and what an unfound line is likely to be."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from made_tracks import make_id
from segue.catalogue.match.same_song import find_own_rows
from segue.catalogue.store import Catalogue
from segue.types import Track, TrackReference

TRACKS: list[tuple[str, tuple[str, ...]]] = [
    ("C.R.E.A.M.", ("Wu-Tang Clan",)),
    ("C.R.E.A.M. (Cash Rules Everything Around Me)", ("Wu-Tang Clan",)),
    ("Despacito", ("Luis Fonsi", "Daddy Yankee")),
    ("Despacito - Remix", ("Luis Fonsi", "Daddy Yankee", "Justin Bieber")),
    ("Gin And Juice", ("Snoop Dogg",)),
    ("Gin and Juice (feat. Dat Nigga Daz)", ("Snoop Doggy Dogg",)),
    ("Clair de Lune", ("Claude Debussy",)),
    ("Suite bergamasque, L. 75: III. Clair de lune", ("Claude Debussy", "Alice Sara Ott")),
    ("Suite bergamasque, L. 75: I. Prélude", ("Claude Debussy",)),
    ("Hurt", ("Johnny Cash",)),
    ("Hurt", ("Nine Inch Nails",)),
    ("Symphony No. 5: II. Andante con moto", ("Ludwig van Beethoven",)),
    ("Symphony No. 3: II. Andante con moto", ("Ludwig van Beethoven",)),
    ("Enter Sandman - Remastered", ("Metallica",)),
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    made = Catalogue.create(Path(tmp_path_factory.mktemp("own")) / "made.sqlite")
    made.upsert(
        Track(make_id(number), name=name, artists=artists) for number, (name, artists) in enumerate(TRACKS)
    )
    return made


@pytest.mark.parametrize(
    ("seeds", "own"),
    [
        ([0], [0, 1]), ([1], [0, 1]), ([2], [2, 3]), ([3], [2, 3]), ([4], [4, 5]),
        ([6], [6, 7]), ([7], [6, 7]),
        ([9], [9]), ([11], [11]), ([0, 9], [0, 1, 9]), ([], []),
    ],
)  # fmt: skip
def test_versions_and_spellings_of_seeds(catalogue: Catalogue, seeds: Sequence[int], own: list[int]) -> None:
    assert find_own_rows(catalogue, seeds).tolist() == own


@pytest.mark.parametrize(
    ("entry", "own"),
    [
        (TrackReference(artist="Snoop Doggy Dogg", title="Gin And Juice"), [4, 5]),
        (TrackReference(artist="Snoop Dogg", title="Gin n Jooce"), [4, 5]),
        (TrackReference(title="Debussy Clair de lune"), [6, 7]),
        (TrackReference(artist="Metalica", title="Entre Sandmann"), [13]),
        (TrackReference(title="Hurt"), [9, 10]),  # whose it is was not said: neither comes back
        (TrackReference(artist="Trent Reznor", title="Nowhere Near"), []),
        (TrackReference(), []),
    ],
)
def test_what_an_unfound_line_may_be(catalogue: Catalogue, entry: TrackReference, own: list[int]) -> None:
    assert find_own_rows(catalogue, [], [entry]).tolist() == own
