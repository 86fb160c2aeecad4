"""What a person gave never comes back: neither a version, nor a spelling, nor what an unfound line may be."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from made_tracks import write_table
from segue import Recommender
from segue.catalogue.import_ import import_files
from segue.controls import Controls
from segue.errors import EmptyPlaylistError, InputError
from segue.playlists.read import read_playlist
from segue.text.name_forms import read_artists, read_title
from segue.types import Playlist, Recommendation, TrackReference

TASTES = sorted((Path(__file__).parents[2] / "benchmarks" / "tastes").glob("*.txt"))
# As they stand in people's lists; catalogues have them under other names, or not at all.
HARD = "\n".join(
    (
        "Snoop Doggy Dogg – Gin And Juice",
        "Wu-Tang Clan - C.R.E.A.M. (Cash Rules Everything Around Me)",
        "Luis Fonsi - Despacito - Remix",
        "Tupac - Changes",
        "Sinatra - My Way",
        "Toto - Africa (Official Video)",
        "Nas - N.Y. State of Mind",
    )
)


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def is_song(pick: Recommendation, line: TrackReference) -> bool:
    """Tell whether a person would say that both are one song; says nothing of how segue itself finds out."""
    title, given = read_title(pick.name).key, read_title(line.title).key
    artists = read_artists(pick.track.artists)
    wanted = read_artists((line.artist,))
    same_artist = any(alike(one, other) > 0.8 for one in artists for other in wanted)
    return same_artist and (alike(title, given) > 0.85 or title.replace(" ", "") == given.replace(" ", ""))


def find_own(picks: Iterable[Recommendation], playlist: Playlist) -> list[str]:
    return [
        f"{pick.artist} - {pick.name}"
        for pick in picks
        if any(is_song(pick, line) for line in playlist.entries)
    ]


@pytest.fixture(scope="module")
def small(starter: Path) -> Iterator[Recommender]:
    with Recommender.open(starter) as recommender:
        yield recommender


@pytest.mark.parametrize("path", TASTES, ids=lambda path: path.stem)
def test_lists_of_21_tastes_on_the_starter(small: Recommender, path: Path) -> None:
    playlist = read_playlist(path.read_bytes())
    if not any(match.track for match in small.match(playlist)):
        pytest.skip("the starter holds none of these songs")
    for controls in (Controls(), Controls(one_version=False, max_per_artist=None)):
        assert not find_own(small.recommend(playlist, controls=controls).tracks, playlist)


@pytest.fixture(scope="module")
def large(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recommender]:
    path = tmp_path_factory.mktemp("large") / "large.sqlite"
    for name in ("tracks.parquet", "tracks_more.parquet"):
        if (shared_data / name).exists():
            import_files(path, [shared_data / name])
    with Recommender.open(path) as recommender:
        yield recommender


@pytest.mark.shared_data
@pytest.mark.parametrize("text", [*(path.read_text("utf-8") for path in TASTES), HARD])
def test_lists_of_21_tastes_on_the_development_catalogue(large: Recommender, text: str) -> None:
    playlist = read_playlist(text.encode())
    assert not find_own(large.recommend(playlist).tracks, playlist)


def test_what_an_unfound_line_is_likely_to_mean_is_not_picked(small: Recommender) -> None:
    lines = "Muse - Starlight\nMetallica - Enter Sandman\nQueen - Bohemian Rhapsody\n"
    picks = small.recommend(read_playlist(lines.encode())).tracks
    for pick in picks:
        garbled = f"{pick.track.artists[0]} - {pick.name[: len(pick.name) * 2 // 3]}zu"
        playlist = read_playlist((lines + garbled).encode())
        *_, match = small.match(playlist)
        likely = [track.track_id for track, confidence in match.closest if confidence >= 0.7]
        if match.track is None and pick.track_id in likely:
            again = small.recommend(playlist).tracks
            assert pick.track_id not in {each.track_id for each in again}
            return
    pytest.fail("no pick could be garbled so that it is not found, and yet likely")


LINES = "Muse - Starlight\nMetallica - Enter Sandman\nQueen - Bohemian Rhapsody\n"


def test_nothing_of_a_library_is_picked(small: Recommender, tmp_path: Path) -> None:
    playlist = read_playlist(LINES.encode())
    first = small.recommend(playlist).tracks
    rows = [{"Title": f"{pick.name} (Live)", "Artist": pick.track.artists[0]} for pick in first[:25]]
    library = write_table(tmp_path / "library.csv", rows)
    links = Playlist(tuple(TrackReference(track_id=pick.track_id) for pick in first[25:]))
    again = small.recommend(playlist, exclude=[library, links])
    assert len(again.tracks) == 50
    assert not {pick.track_id for pick in first} & {pick.track_id for pick in again.tracks}
    assert any("of the 50 songs to exclude" in note for note in again.notes)
    assert len(small.recommend(playlist, exclude=library).tracks) == 50, "one alone needs no list around it"


def test_a_seed_that_is_in_the_library_is_still_listened_to(small: Recommender) -> None:
    playlist = read_playlist(LINES.encode())
    plain, excluded = small.recommend(playlist), small.recommend(playlist, exclude=playlist)
    assert excluded.seeds == plain.seeds
    assert [pick.track_id for pick in excluded.tracks] == [pick.track_id for pick in plain.tracks]


def test_what_is_wrong_with_a_library_says_which(small: Recommender, tmp_path: Path) -> None:
    library = tmp_path / "library.csv"
    library.write_text("Title,Artist\n", "utf-8")
    with pytest.raises(EmptyPlaylistError, match=r"^the library\.csv to exclude: "):
        small.recommend(read_playlist(LINES.encode()), exclude=[library])
    with pytest.raises(InputError, match=r"there is no file nowhere\.csv"):
        small.recommend(read_playlist(LINES.encode()), exclude="nowhere.csv")
