"""Importing whole files of every format, good and bad."""

import csv
import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from made_tracks import FEATURES, make_id, make_rows, make_track, make_tracks, write_table
from segue.catalogue.export import EXPORT_FORMATS, export_catalogue
from segue.catalogue.import_ import import_files
from segue.catalogue.store import Catalogue
from segue.errors import ImportFormatError, InputError, NotACatalogueError, StorageError
from segue.types import Track


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.sqlite"


def read_all(path: Path) -> list[Track]:
    with Catalogue.open(path) as catalogue:
        return catalogue.get_tracks(range(len(catalogue)))


def expect(count: int) -> list[Track]:
    """Return the tracks of `make_rows`."""
    blank = {"album": "", "isrc": "", "release_date": "", "popularity": None, "genre": ""}
    return [make_track(number, **blank) for number in range(count)]


# -- formats -----------------------------------------------------------------------------------------------


def write_csv(path: Path) -> None:
    write_table(path, make_rows(12))


def write_bom(path: Path) -> None:
    write_csv(path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def write_crlf_semicolons(path: Path) -> None:
    rows = make_rows(12)
    lines = [";".join(rows[0]), *(";".join(str(cell) for cell in row.values()) for row in rows)]
    path.write_bytes("\r\n".join(lines).encode())


def write_excel(path: Path) -> None:
    write_crlf_semicolons(path)
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())


def write_tsv(path: Path) -> None:
    rows = make_rows(12)
    lines = ["\t".join(rows[0]), *("\t".join(str(cell) for cell in row.values()) for row in rows)]
    path.write_text("\n\n" + "\n".join(lines) + "\n\n")


def write_utf16(path: Path) -> None:
    write_csv(path)
    path.write_bytes(path.read_text().encode("utf-16"))


def write_ndjson(path: Path) -> None:
    path.write_text("\n".join(json.dumps(row) for row in make_rows(12)))


def write_nested_ndjson(path: Path) -> None:
    lines = []
    for row in make_rows(12):
        features = {name: row[name] for name in FEATURES}
        artists = [{"name": row["artists"], "id": "x"}]
        lines.append(
            {"id": row["track_id"], "name": row["track_name"], "artists": artists, "audio_features": features}
        )
    path.write_text("\n".join(json.dumps(line) for line in lines))


def write_gzip(path: Path) -> None:
    write_csv(path)
    path.write_bytes(gzip.compress(path.read_bytes()))


def write_parquet(path: Path) -> None:
    copy_to_parquet(path, "*")


def write_float_parquet(path: Path) -> None:
    """As data frames have them: lists of artists, 32-bit floats."""
    floats = ", ".join(f"{name}::FLOAT AS {name}" for name in FEATURES)
    copy_to_parquet(path, f"track_id, track_name, [artists] AS artists, {floats}")


def copy_to_parquet(path: Path, select: str) -> None:
    lines, made = path.parent / "lines", path.parent / "made"
    write_ndjson(lines)
    duckdb.execute(f"COPY (SELECT {select} FROM read_json('{lines}')) TO '{made}' (FORMAT parquet)")
    made.rename(path)


WRITERS = [
    write_csv, write_bom, write_crlf_semicolons, write_excel, write_tsv, write_utf16, write_ndjson,
    write_nested_ndjson, write_gzip, write_parquet, write_float_parquet,
]  # fmt: skip


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize("name", ["tracks.any", "a*[1]? b'\".{x}"])
def test_formats(tmp_path: Path, target: Path, write: object, name: str) -> None:
    assert callable(write)
    source = tmp_path / "data" / name
    source.parent.mkdir()
    write(source)
    report = import_files(target, [source])
    assert (report.rows, report.added, report.refused_rows) == (12, 12, 0)
    assert read_all(target) == expect(12)


def test_the_prototypes_layout(tmp_path: Path, target: Path) -> None:
    source = tmp_path / "features.db"
    with closing(sqlite3.connect(source)) as connection:
        columns = ", ".join(f"{name} REAL" for name in FEATURES)
        connection.execute(f"CREATE TABLE features (track_uri TEXT PRIMARY KEY, {columns})")
        connection.executemany(
            f"INSERT INTO features VALUES (?{', ?' * 13})",
            [(f"spotify:track:{make_id(number)}", *FEATURES.values()) for number in range(9)],
        )
        connection.commit()
    assert import_files(target, [source]).added == 9
    assert read_all(target) == [Track(make_id(number), features=FEATURES) for number in range(9)]


@pytest.mark.parametrize("extension", EXPORT_FORMATS)
def test_what_is_exported_can_be_imported(tmp_path: Path, target: Path, extension: str) -> None:
    tracks = [
        *make_tracks(30),
        Track(make_id(77), name='Tabs\tand "quotes", commas; [brackets]', artists=("A, B", "C; D", "['E']")),
        Track(make_id(78), features={"tempo": 99.123456789}),
    ]
    with Catalogue.create(tmp_path / "first.sqlite") as first:
        first.upsert(tracks)
        exported = tmp_path / f"o*[u]t{extension}"
        assert export_catalogue(first, exported) == 32
    import_files(target, [exported])
    names = [track.name.replace("\t", " ") for track in tracks]
    assert [track.name for track in read_all(target)] == names
    assert [(t.artists, t.features, t.genre, t.isrc, t.popularity) for t in read_all(target)] == [
        (t.artists, t.features, t.genre, t.isrc, t.popularity) for t in tracks
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["first.sqlite", "catalogue.sqlite", exported.name]
    )


def test_exporting_where_it_cannot_be(tmp_path: Path) -> None:
    with Catalogue.create(tmp_path / "c.sqlite") as catalogue:
        with pytest.raises(InputError, match=r"expected one of \.csv"):
            export_catalogue(catalogue, tmp_path / "out.xlsx")
        for extension in EXPORT_FORMATS:
            with pytest.raises(StorageError, match="cannot write"):
                export_catalogue(catalogue, tmp_path / "nowhere" / f"out{extension}")


def test_a_catalogue_into_another(tmp_path: Path, target: Path) -> None:
    with Catalogue.create(tmp_path / "first.sqlite") as first:
        first.upsert(make_tracks(5))
    import_files(target, [tmp_path / "first.sqlite"])
    assert read_all(target) == make_tracks(5)
    with pytest.raises(ImportFormatError, match="into itself"):
        import_files(target, [target])


# -- what an import does -------------------------------------------------------------------------------------


def test_the_report(tmp_path: Path, target: Path) -> None:
    rows = make_rows(6)
    rows[1]["tempo"] = "inf"
    rows[2]["track_id"] = "nope"
    rows[2]["energy"] = 7
    rows[3]["tempo"] = "-1"
    rows.append({**rows[0], "track_name": "Newer name", "tempo": ""})
    rows.append(dict(rows[0]) | {"track_name": "Newer name"})
    source = write_table(tmp_path / "t.csv", rows)
    calls: list[tuple[int, int, int]] = []
    report = import_files(target, [source], progress=lambda *call: calls.append(call))
    assert (report.rows, report.added, report.updated, report.unchanged, report.total) == (8, 3, 1, 1, 3)
    assert report.refused_rows == 3
    assert report.refused == {
        "tempo: out of range": 2,
        "track id: not 22 letters and digits": 1,
        "energy: out of range": 1,
    }
    assert report.columns["t.csv"]["track_name"] == "name"
    assert read_all(target)[0].name == "Newer name"
    assert read_all(target)[0].features["tempo"] == 121.5, "a missing value never replaces a known one"
    size = source.stat().st_size
    assert calls[-1] == (8, size, size)


@pytest.mark.parametrize("extension", [".csv", ".ndjson"])
def test_the_refused_rows(tmp_path: Path, target: Path, extension: str) -> None:
    rows = make_rows(3)
    rows[1]["tempo"] = "inf"
    refused = tmp_path / f"refused{extension}"
    import_files(target, [write_table(tmp_path / "t.csv", rows)], refused_file=refused)
    entry: dict[str, Any]
    with refused.open(encoding="utf-8", newline="") as stream:
        if extension == ".csv":
            (entry,) = csv.DictReader(stream)
            entry["row"] = json.loads(entry["row"])
        else:
            entry = json.loads(stream.read())
    assert str(entry["place"]) == "3"
    assert "expected 20 to 300 BPM, got inf" in str(entry["reasons"])
    assert entry["row"]["track_id"] == make_id(1)


def test_the_refused_rows_cannot_be_written(tmp_path: Path, target: Path) -> None:
    source = write_table(tmp_path / "t.csv", make_rows(3))
    with pytest.raises(StorageError, match="cannot write"):
        import_files(target, [source], refused_file=tmp_path / "no" / "where.csv")
    assert not target.exists()


def test_a_second_time_changes_nothing(tmp_path: Path, target: Path) -> None:
    source = write_table(tmp_path / "t.csv", make_rows(20))
    import_files(target, [source])
    with Catalogue.open(target) as catalogue:
        revision = catalogue.revision
        report = import_files(target, [source])
        assert (report.added, report.updated, report.unchanged) == (0, 0, 20)
        assert catalogue.revision == revision


def test_two_files_complete_each_other(tmp_path: Path, target: Path) -> None:
    names = write_table(tmp_path / "names.csv", [{"id": make_id(n), "title": f"T{n}"} for n in range(4)])
    numbers = write_table(tmp_path / "numbers.csv", [{"id": make_id(n), "bpm": 100 + n} for n in range(2, 6)])
    report = import_files(target, [names, numbers])
    assert (report.added, report.updated) == (6, 2)
    assert [(track.name, track.features) for track in read_all(target)][2:5] == [
        ("T2", {"tempo": 102.0}), ("T3", {"tempo": 103.0}), ("", {"tempo": 104.0}),
    ]  # fmt: skip


def test_a_track_for_each_of_its_genres(tmp_path: Path, target: Path) -> None:
    rows = [{"id": make_id(1), "name": "x", "track_genre": genre} for genre in ("rock", "metal", "rock")]
    import_files(target, [write_table(tmp_path / "t.csv", rows)])
    assert read_all(target)[0].genre == "rock; metal"


def test_a_mapping(tmp_path: Path, target: Path) -> None:
    source = write_table(tmp_path / "t.csv", [{"key": make_id(1), "Lied": "x", "bpm": "17"}])
    with pytest.raises(ImportFormatError, match="no column holds track ids") as caught:
        import_files(target, [source])
    assert "--map THEIRS=track_id" in caught.value.hint
    import_files(target, [source], mapping={"key": "track_id", "lied": "name", "BPM": ""})
    assert read_all(target) == [Track(make_id(1), name="x")]
    with pytest.raises(ImportFormatError, match="no column 'absent'"):
        import_files(target, [source], mapping={"key": "track_id", "absent": "name"})


def test_years_and_dates(tmp_path: Path, target: Path) -> None:
    rows = [
        {"id": make_id(1), "name": "a", "year": "1999", "release_date": "1999-05-03"},
        {"id": make_id(2), "name": "b", "year": "1999", "release_date": ""},
        {"id": make_id(3), "name": "c", "year": "0", "release_date": "0000"},
    ]
    import_files(target, [write_table(tmp_path / "t.csv", rows)])
    assert [track.release_date for track in read_all(target)] == ["1999-05-03", "1999", ""]


def test_json_objects_that_differ_from_line_to_line(tmp_path: Path, target: Path) -> None:
    lines: list[dict[str, object]] = [{"id": make_id(n), "name": "x"} for n in range(6_000)]
    lines[5_500] = {"id": make_id(5_500), "name": "x", "tempo": 99.0}
    (tmp_path / "t.ndjson").write_text("\n".join(map(json.dumps, lines)))
    import_files(target, [tmp_path / "t.ndjson"])
    assert read_all(target)[5_500].features == {"tempo": 99.0}


# -- bad input -----------------------------------------------------------------------------------------------

HEADER = "track_id,name,tempo\n"
ROW = f"{make_id(1)},Song,120\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (HEADER.encode(), "no rows of tracks"),
        (b"hello\nworld\n", "no column holds track ids"),
        (b"name,tempo\nx,120\n", "no column holds track ids"),
        ((HEADER + "nope,Song,120\n").encode(), "none of 1 rows can be used: track id"),
        (HEADER.encode() + b'x,"never closed,120\n' + ROW.encode() * 60, "a quote is opened and not closed"),
        (HEADER.encode() + ROW.encode() + b'x,"never closed,120\n', "a quote is opened and not closed"),
        (HEADER.encode() + b'x,"' + b"y" * 200_000 + b'",1\n', "a quote is opened and not closed"),
        (HEADER.encode() + b"x" * 5_000_000, "longer than 4 MiB"),
        (b"PK\x03\x04 and so on", "ZIP archive or a spreadsheet"),
        (b"PAR1 and then nothing", "a broken Parquet file"),
        (b"SQLite format 3\x00 and then nothing", "a broken SQLite file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "holds binary data"),
        (b"\x1f\x8b\x08\x00broken", "cannot read"),
        (gzip.compress((HEADER + ROW * 5_000).encode())[:-40], "cannot be read"),
        (gzip.compress(HEADER.encode() + (b" " * 99_999 + b"\n") * 700), "unpacks to more than"),
        (b"[{}]", "one JSON array"),
        (b'{"id": 1', "not a JSON object"),
        (b'{"id": "x"}\n[1]\n', "expected a JSON object"),
        (b'{"a":' * 100_000, "not a JSON object"),
        (b'{"n": ' + b"9" * 10_000 + b"}", "not a JSON object"),
        (b'{"info": {},\n"playlists": []}', "not a JSON object"),
    ],
)
def test_files_that_cannot_be_imported(tmp_path: Path, target: Path, content: bytes, message: str) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    with pytest.raises(ImportFormatError, match=message):
        import_files(target, [source])
    assert not target.exists()


def test_a_bad_file_among_good_ones_changes_nothing(tmp_path: Path, target: Path) -> None:
    good = write_table(tmp_path / "good.csv", make_rows(5))
    (tmp_path / "bad.csv").write_text("hello\n")
    with pytest.raises(ImportFormatError):
        import_files(target, [good, tmp_path / "bad.csv"])
    assert not target.exists()
    with pytest.raises(ImportFormatError, match="cannot open"):
        import_files(target, [good, tmp_path / "absent.csv"])
    assert not target.exists()


def test_an_sqlite_file_of_other_tables(tmp_path: Path, target: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE songs (id TEXT)")
    with pytest.raises(ImportFormatError, match=r"none of the tables features, tracks, but songs"):
        import_files(target, [tmp_path / "other.db"])


def test_what_is_no_catalogue_is_not_written_to(tmp_path: Path, target: Path) -> None:
    target.write_text("my diary")
    with pytest.raises(NotACatalogueError):
        import_files(target, [write_table(tmp_path / "t.csv", make_rows(3))])
    assert target.read_text() == "my diary"


def test_a_wrong_encoding(tmp_path: Path, target: Path) -> None:
    source = tmp_path / "latin.csv"
    source.write_bytes(
        HEADER.encode() + f"{make_id(1)},Café,120\n".encode("cp1252") + f"{make_id(2)},Öl,1e2".encode()
    )
    import_files(target, [source])
    assert [track.name for track in read_all(target)] == ["Café", "Öl"]


def test_rows_that_are_too_short_or_long(tmp_path: Path, target: Path) -> None:
    (tmp_path / "t.csv").write_text(HEADER + ROW + f"{make_id(2)},Song\n{make_id(3)},A,B,120\n")
    report = import_files(target, [tmp_path / "t.csv"])
    assert report.refused == {"cells: more or fewer than the header": 2}


def test_a_refused_row_is_written_whole(tmp_path: Path, target: Path) -> None:
    (tmp_path / "t.csv").write_text(HEADER + ROW + f"{make_id(2)},Song\n{make_id(3)},A,B,120,\n")
    import_files(target, [tmp_path / "t.csv"], refused_file=tmp_path / "refused.ndjson")
    short, long = ((tmp_path / "refused.ndjson").read_text().splitlines())[:2]
    assert list(json.loads(short)["row"].values()) == [make_id(2), "Song"]
    assert list(json.loads(long)["row"].values()) == [make_id(3), "A", "B", ["120", ""]]


@pytest.mark.parametrize("extension", [".csv", ".ndjson", ".parquet"])
def test_columns_that_are_not_read(tmp_path: Path, target: Path, extension: str) -> None:
    rows = [{"track_id": make_id(1), "name": "A", "zap": "1", "memo": "2", "zip": "3"}]
    source = write_table(tmp_path / f"t{extension}", rows)
    report = import_files(target, [source], mapping={"Memo": ""})
    assert report.unread == {source.name: ("zap", "zip")}


def test_quoted_line_breaks(tmp_path: Path, target: Path) -> None:
    (tmp_path / "t.csv").write_text(HEADER + f'{make_id(1)},"two\nlines, ""quoted""",120\n')
    import_files(target, [tmp_path / "t.csv"])
    assert read_all(target)[0].name == 'two lines, "quoted"'


def test_not_a_number_and_infinity(tmp_path: Path, target: Path) -> None:
    lines = [
        f'{{"id": "{make_id(1)}", "tempo": NaN, "energy": 0.5}}',
        f'{{"id": "{make_id(2)}", "tempo": Infinity}}',
        f'{{"id": "{make_id(3)}", "tempo": -Infinity}}',
        f'{{"id": "{make_id(4)}", "tempo": 1e999}}',
    ]
    (tmp_path / "t.ndjson").write_text("\n".join(lines))
    report = import_files(target, [tmp_path / "t.ndjson"])
    assert report.refused == {"tempo: out of range": 3}
    assert read_all(target) == [Track(make_id(1), features={"energy": 0.5})]


UUID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"


def test_rows_without_a_spotify_id_are_kept_by_another(tmp_path: Path) -> None:
    table = tmp_path / "mixed.csv"
    table.write_text(
        "id,isrc,recording_mbid,title,artist,energy\n"
        f"{make_id(1)},GBUM71029604,{UUID},Own,A,.5\n"
        f"4711,gb-um7-10-29605,{UUID},By ISRC,A,.5\n"
        f",,{UUID.upper()},By MusicBrainz,A,.5\n"
        "radio:7,,,By another,A,.5\n"
        "4712,,,By nothing,A,.5\n"
        ",,,By nothing,A,.5\n",
        encoding="utf-8",
    )
    target = tmp_path / "c.sqlite"

    report = import_files(target, [table])

    ids = [make_id(1), "isrc:GBUM71029605", f"mbid:{UUID}", "radio:7"]
    assert [track.track_id for track in read_all(target)] == ids
    assert report.refused == {"track id: not 22 letters and digits": 1, "no track id": 1}
    with Catalogue.open(target) as catalogue:
        asked = [*ids, "urn:isrc:gb-um7-10-29605", f"https://musicbrainz.org/recording/{UUID}", "isrc:x"]
        assert catalogue.find_rows(asked).tolist() == [0, 1, 2, 3, 1, 2, -1]


def test_a_table_without_spotify_ids_is_imported_by_isrc(tmp_path: Path) -> None:
    table = tmp_path / "isrcs.csv"
    table.write_text("isrc,name,energy\nGBUM71029604,One,.5\n,Two,.5\nodd,Three,.5\n", encoding="utf-8")
    target = tmp_path / "c.sqlite"

    report = import_files(target, [table])

    assert [track.track_id for track in read_all(target)] == ["isrc:GBUM71029604"]
    assert report.refused_rows == 2
    assert report.refused["no track id"] == 2
    assert report.refused["isrc: not an ISRC"] == 1
