import pytest

from segue.playlists.columns import Columns
from segue.text.column_names import column_key


@pytest.mark.parametrize("name", ["Artist Name(s)", "artist_names", "artistNames", " ARTIST NAMES "])
def test_names_are_compared_without_their_dress(name: str) -> None:
    assert column_key(name) == "artistnames"


def test_takes_the_best_column_first_and_the_next_where_it_is_blank() -> None:
    columns = Columns.find(["Album Artist", "Artist", "id", "Track URI", "Title"])

    record = columns.record(["Various", "", "1", "spotify:track:x", "T"])

    assert record.links == ("spotify:track:x", "1")
    assert record.artist == "Various"


@pytest.mark.parametrize(
    ("title", "artist"),
    [
        ("Song", "Band"),
        ("Titel", "Interpret"),
        ("TITEL", "Kunstler"),
        ("Titre", "Artiste"),
        ("Título", "Artista"),
        ("titulo", "Intérpretes"),
        ("Titolo", "Artisti"),
        ("Tytuł", "Wykonawca"),
        ("Şarkı", "Sanatçı"),
        ("Название", "Исполнитель"),
        ("曲名", "アーティスト"),
        ("歌名", "歌手"),
        ("제목", "가수"),
    ],
)
def test_knows_columns_in_other_languages(title: str, artist: str) -> None:
    record = Columns.find([title, artist]).record(["Creep", "Radiohead"])

    assert (record.title, record.artist) == ("Creep", "Radiohead")


def test_short_rows_lack_what_they_lack() -> None:
    assert Columns.find(["Title", "Artist"]).record(["T"]).artist == ""


@pytest.mark.parametrize(
    ("names", "enough"),
    [
        (["ISRC"], True),
        (["url"], True),
        (["title", "artist"], True),
        (["title"], False),
        (["artist", "album"], False),
        ([], False),
    ],
)
def test_knows_whether_a_track_can_be_found(names: list[str], enough: bool) -> None:
    assert Columns.find(names).is_enough is enough


@pytest.mark.parametrize(
    ("name", "cell", "expected"),
    [
        ("duration_ms", "215000", 215_000),
        ("duration_s", "215", 215_000),
        ("Duration (ms)", "900", 900),
        ("Duration", "3:35", 215_000),
        ("Length", "215000", 215_000),
    ],
)
def test_reads_lengths_by_the_unit_of_the_column(name: str, cell: str, expected: int) -> None:
    assert Columns.find([name]).record([cell]).duration_ms == expected
