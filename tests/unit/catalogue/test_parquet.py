"""Parquet as others write it: types, nulls, nesting, and damage."""

from pathlib import Path

import duckdb
import pytest

from segue.catalogue.parquet import BATCH, BrokenParquetError, open_parquet


def write(path: Path, select: str) -> Path:
    duckdb.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def read(path: Path) -> dict[str, list[object]]:
    with path.open("rb") as stream:
        table = open_parquet(stream)
        found: dict[str, list[object]] = {name: [] for name in table.columns}
        for cells in table.iter_columns(range(len(table.columns))):
            for name, column in zip(table.columns, cells, strict=True):
                found[name] += column
    return found


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("'Café'", "Café"),
        ("NULL::VARCHAR", None),
        ("'zz'::BLOB", "zz"),
        ("0.629::FLOAT", 0.629),
        ("1e-7::FLOAT", 1e-7),
        ("NULL::FLOAT", None),
        ("12.25::DECIMAL(10, 2)", 12.25),
        ("7::UBIGINT", 7),
        ("DATE '2012-03-04'", "2012-03-04"),
        ("TIMESTAMP '2012-03-04 05:06:07'", "2012-03-04T05:06:07"),
        ("TIMESTAMPTZ '2012-03-04 05:06:07+00'", "2012-03-04T05:06:07Z"),
        ("INTERVAL 1 DAY", "1 days"),
        ("'one'::ENUM('one', 'two')", "one"),
        ("['a', NULL, 'b']", ["a", None, "b"]),
        ("['a'::BLOB]", ["a"]),
        ("[{'name': 'X', 'id': 'y'}]", [{"name": "X", "id": "y"}]),
        ("{'a': {'b': 2}}", {"a": {"b": 2}}),
    ],
)
def test_types(tmp_path: Path, sql: str, expected: object) -> None:
    assert read(write(tmp_path / "t.parquet", f"SELECT {sql} AS cell")) == {"cell": [expected]}


def test_many_rows_come_in_batches(tmp_path: Path) -> None:
    path = write(tmp_path / "t.parquet", f"SELECT i AS number, 'x' AS more FROM range({BATCH * 2 + 1}) t(i)")
    with path.open("rb") as stream:
        table = open_parquet(stream)
        sizes = [len(numbers) for (numbers,) in table.iter_columns([0])]
        assert sum(sizes) == BATCH * 2 + 1
        assert max(sizes) <= BATCH
        assert table.bytes_done > 0


def test_no_rows(tmp_path: Path) -> None:
    assert read(write(tmp_path / "t.parquet", "SELECT 1 AS a WHERE false")) == {"a": []}


@pytest.mark.parametrize("cut", [0, 3, 8, 100, -1, -20])
def test_a_file_that_is_cut_off(tmp_path: Path, cut: int, capfd: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "t.parquet", "SELECT i AS a FROM range(1000) t(i)")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BrokenParquetError, match="cut off"):
        read(path)
    assert capfd.readouterr().err == ""


def test_a_length_that_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"PAR1" + b"\xff\xff\xff\x7fPAR1")
    with pytest.raises(BrokenParquetError, match="longer than it is"):
        read(tmp_path / "t")


@pytest.mark.parametrize(("start", "length"), [(4, 400), (-300, 280), (-60, 40)])
def test_damage_inside(tmp_path: Path, start: int, length: int) -> None:
    path = write(tmp_path / "t.parquet", "SELECT i AS a, 'text ' || i AS b FROM range(1000) t(i)")
    data = bytearray(path.read_bytes())
    begin = start % len(data)
    data[begin : begin + length] = b"\xff" * length
    path.write_bytes(data)
    with pytest.raises(BrokenParquetError, match=r"\S"):
        read(path)
