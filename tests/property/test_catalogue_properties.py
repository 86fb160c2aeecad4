"""What holds for any track and any file."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from made_tracks import ALPHABET, make_id
from segue.catalogue.import_ import import_files
from segue.catalogue.import_.parsers import PARSERS, RefusedCell
from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.errors import ImportFormatError
from segue.features import AUDIO
from segue.text import song_keys
from segue.types import Playlist, Track, TrackReference

SLOW = settings(
    max_examples=min(40, settings().max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ANY_TEXTS = st.text(max_size=60)
IDS = st.text(ALPHABET, min_size=22, max_size=22)
FEATURES = st.fixed_dictionaries(
    {},
    optional={
        feature.name: st.integers(int(feature.low), int(feature.high)).map(float)
        if feature.integer
        else st.floats(feature.low, feature.high).map(lambda number: number + 0.0)
        for feature in AUDIO
    },
)
TRACKS = st.builds(
    Track, track_id=IDS, name=TEXTS, artists=st.lists(TEXTS, max_size=3).map(tuple), album=TEXTS,
    popularity=st.none() | st.integers(0, 100), features=FEATURES,
)  # fmt: skip
CELLS = (
    ANY_TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(ANY_TEXTS, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "x"]), ANY_TEXTS, max_size=2)
)  # fmt: skip
FIELDS = ["name", "artists", "tempo", "genre", "isrc", "year"]
TABLES = ANY_TEXTS.map(lambda text: ("track_id,name\n" + text).encode(errors="surrogatepass"))
REFERENCES = st.builds(TrackReference, title=ANY_TEXTS, artist=ANY_TEXTS, isrc=ANY_TEXTS, track_id=ANY_TEXTS)


def known(track: Track) -> Track:
    """Return the track without the numbers that stand for missing ones."""
    missing = {feature.name: feature.missing for feature in AUDIO}
    features = {name: value for name, value in track.features.items() if value != missing[name]}
    return Track(**{**{name: getattr(track, name) for name in track.__slots__}, "features": features})


@SLOW
@given(st.lists(TRACKS, max_size=8, unique_by=lambda track: track.track_id))
def test_what_goes_in_comes_out(tracks: list[Track]) -> None:
    with TemporaryDirectory() as folder, Catalogue.create(Path(folder) / "c.sqlite") as catalogue:
        assert catalogue.upsert(tracks) == (len(tracks), 0)
        assert catalogue.get_tracks(range(len(tracks))) == [known(track) for track in tracks]
        assert catalogue.upsert(tracks) == (0, 0)
        assert catalogue.load_columns().audio.shape == (len(tracks), 13)
        for track in tracks:
            assert catalogue.find_track(track.track_id) == known(track)
            if song_keys.fold(track.name):
                assert track.track_id in {found.track_id for found in catalogue.search(track.name)}


@given(st.sampled_from(sorted(PARSERS)), CELLS)
@example("genre", [1, "\ud800"])
@example("artists", "[" * 500 + "]" * 500)
@example("name", "{1: 2}")
def test_a_cell_is_read_or_refused(field: str, cell: object) -> None:
    try:
        value = PARSERS[field](cell)
    except RefusedCell:
        return
    assert value is None or isinstance(value, str | float | int)
    if isinstance(value, str):
        value.encode()


@SLOW
@given(
    st.binary(max_size=200)
    | ANY_TEXTS.map(lambda text: ("track_id,name\n" + text).encode(errors="surrogatepass"))
)
@example(b"PAR1")
@example(b"\r\x01")
@example(b",a\n\r\x01")
@example(b"SQLite format 3\x00")
@example(b"\x1f\x8b")
@example(b"\xff\xfei\x00d\x00\n")
def test_any_bytes_are_imported_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "source", Path(folder) / "c.sqlite"
        source.write_bytes(content)
        try:
            import_files(target, [source])
        except ImportFormatError:
            assert not target.exists()


@SLOW
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["name", "artists", "tempo", "genre", "isrc", "year"]), CELLS),
        max_size=5,
    )
)
def test_any_json_is_imported_or_refused(records: list[dict[str, object]]) -> None:
    lines = [json.dumps({"id": make_id(number), **record}) for number, record in enumerate(records)]
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "source.ndjson", Path(folder) / "c.sqlite"
        source.write_text("\n".join(["{}", *lines]))
        try:
            report = import_files(target, [source])
        except ImportFormatError:
            return
        assert report.rows == len(lines) + 1 == report.added + report.refused_rows


@SLOW
@given(
    st.lists(
        st.builds(TrackReference, title=ANY_TEXTS, artist=ANY_TEXTS, isrc=ANY_TEXTS, track_id=ANY_TEXTS),
        max_size=4,
    ),
    TRACKS,
)
def test_any_reference_is_matched_or_not(entries: list[TrackReference], track: Track) -> None:
    with TemporaryDirectory() as folder, Catalogue.create(Path(folder) / "c.sqlite") as catalogue:
        catalogue.upsert([track])
        matches = match_playlist(catalogue, Playlist(tuple(entries)))
        assert [match.reference for match in matches] == entries
        assert all(0 <= match.confidence <= 1 for match in matches)


@given(ANY_TEXTS)
def test_keys_stay_when_taken_again(text: str) -> None:
    assert song_keys.fold(song_keys.fold(text)) == song_keys.fold(text)
    assert song_keys.fold(text.upper()) == song_keys.fold(song_keys.fold(text.upper()))
    song_keys.title_key(text)
    song_keys.split_artists(text)
