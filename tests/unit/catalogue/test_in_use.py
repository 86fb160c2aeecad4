"""Which catalogue is in use, and who decides it."""

from pathlib import Path

import pytest

from made_tracks import make_tracks
from segue.catalogue.in_use import find_catalogue, find_in_use, find_write_target, use_catalogue
from segue.catalogue.starter import starter_path
from segue.catalogue.store import Catalogue
from segue.config import Settings, load_settings
from segue.errors import CatalogueNotFoundError, NotACatalogueError, StorageError


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.sqlite"
    with Catalogue.create(path) as made:
        made.upsert(make_tracks(3))
    return path


@pytest.mark.usefixtures("made_starter")
def test_the_starter_at_first(settings: Settings) -> None:
    in_use = find_in_use(settings)
    assert in_use.path == starter_path(settings)
    assert in_use.chosen_by == "default"
    assert find_write_target(settings) != in_use.path


@pytest.mark.usefixtures("made_starter")
def test_the_chosen_one_and_back(settings: Settings, mine: Path) -> None:
    use_catalogue(settings, mine)
    assert find_in_use(settings).chosen_by == "use"
    assert find_catalogue(settings) == find_write_target(settings) == mine
    use_catalogue(settings, None)
    use_catalogue(settings, None)
    assert find_catalogue(settings) == starter_path(settings)


def test_a_relative_path_is_kept_absolute(
    settings: Settings, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    use_catalogue(settings, Path(mine.name))
    monkeypatch.chdir("/")
    assert find_catalogue(settings) == mine


def test_the_environment_goes_first(settings: Settings, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_CATALOGUE", str(mine))
    in_use = find_in_use(load_settings())
    assert (in_use.path, in_use.chosen_by) == (mine, "SEGUE_CATALOGUE")


def test_what_was_chosen_has_gone(settings: Settings, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_catalogue(settings, mine)
    mine.unlink()
    with pytest.raises(CatalogueNotFoundError, match=r"mine\.sqlite") as caught:
        find_catalogue(settings)
    assert "use starter" in caught.value.hint
    monkeypatch.setenv("SEGUE_CATALOGUE", str(mine))
    with pytest.raises(CatalogueNotFoundError) as caught:
        find_catalogue(load_settings())
    assert "SEGUE_CATALOGUE" in caught.value.hint


def test_what_is_no_catalogue_is_not_chosen(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    with pytest.raises(NotACatalogueError):
        use_catalogue(settings, tmp_path / "text")
    with pytest.raises(CatalogueNotFoundError):
        use_catalogue(settings, tmp_path / "nothing")
    assert not settings.chosen_catalogue_file.exists()


def test_the_choice_cannot_be_written(settings: Settings, mine: Path) -> None:
    settings.config_dir.write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        use_catalogue(settings, mine)
    assert "SEGUE_CONFIG_DIR" in caught.value.hint


def test_the_choice_cannot_be_read(settings: Settings) -> None:
    settings.chosen_catalogue_file.mkdir(parents=True)
    with pytest.raises(StorageError, match="cannot read"):
        find_catalogue(settings)
