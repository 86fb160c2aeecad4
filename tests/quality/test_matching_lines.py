"""Lines of all kinds are found: on the starter always, on the development catalogue where it is there."""

from pathlib import Path

import pytest
from matching_lines import Tally, judge, read_lines, total

from segue.catalogue.import_ import import_files
from segue.catalogue.starter import starter_catalogue
from segue.catalogue.store import Catalogue
from segue.config import Settings


def check(tally: Tally, least: float, most_wrong: float) -> None:
    assert tally.recall >= least, tally
    assert tally.error <= most_wrong, tally


def test_there_are_enough_lines_of_all_kinds() -> None:
    lines = read_lines()
    assert len(lines) >= 600
    assert len({line.given for line in lines}) >= 600
    assert {line.kind for line in lines} >= {
        "nick name", "and", "feat", "numeral", "video", "year", "title first", "one text", "typo", "accents",
        "script", "classical", "path", "short", "version", "export", "generic", "absent", "cover",
    }  # fmt: skip


def test_on_the_starter(settings: Settings) -> None:
    with Catalogue.open(starter_catalogue(settings)) as starter:
        check(total(judge(starter, read_lines())), 0.97, 0.01)


@pytest.mark.shared_data
def test_on_the_development_catalogue(shared_data: Path, tmp_path: Path) -> None:
    sources = sorted(shared_data.glob("tracks*.parquet"))
    import_files(tmp_path / "all.sqlite", sources)
    with Catalogue.open(tmp_path / "all.sqlite") as everything:
        check(total(judge(everything, read_lines())), 0.98, 0.005)
