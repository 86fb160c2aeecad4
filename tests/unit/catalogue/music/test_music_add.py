"""Adding music files: what is read, kept, skipped and named."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from made_music import make_chords, make_tone, write_music
from made_tracks import FEATURES, make_id, make_track
from segue.catalogue.music import ledger, workers
from segue.catalogue.music.add import AddOptions, AddReport, add_music, to_track_id
from segue.catalogue.music.calibrate import calibrate
from segue.catalogue.music.ledger import find_paths, read_calibrations, read_entries
from segue.catalogue.music.tags import Tags
from segue.catalogue.music.walk import MusicFile
from segue.catalogue.music.workers import Heard, hear_all, read_file
from segue.catalogue.store import Catalogue
from segue.catalogue.writer import open_transaction
from segue.errors import InputError
from segue.types import Track

OPTIONS = AddOptions(2, lambda path: (Path(path).stem, Path(path).parent.parent.name, Path(path).parent.name))
ISRC = "GBUM71029604"
MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"


def tracks_of(path: Path) -> dict[str, Track]:
    with Catalogue.open(path) as opened:
        return {track.track_id: track for track in opened.get_tracks(range(len(opened)))}


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of music, and of what is none."""
    place = tmp_path_factory.mktemp("home").resolve() / "Music"
    queen = place / "Queen" / "Innuendo"
    told = {"title": "Innuendo", "artist": "Queen", "isrc": ISRC, "date": "1991", "genre": "Rock"}
    write_music(queen / "01.mp3", make_chords(0, minor=False, seconds=4), told)
    write_music(
        queen / "02.flac", make_tone(2), {"title": "Headlong", "artist": "Queen", "musicbrainz_trackid": MBID}
    )
    write_music(place / "Кино" / "Группа крови" / "Спокойная ночь.ogg", make_tone(2))
    write_music(place / "silent.wav", np.zeros(44_100))
    (place / "empty.mp3").touch()
    (place / "notes.mp3").write_text("no music")
    whole = write_music(place / "cut.flac", make_tone(5), {"title": "Cut"}).read_bytes()
    (place / "cut.flac").write_bytes(whole[:4_000])
    (place / "loop").symlink_to(place)
    (place / "cover.jpg").write_bytes(b"x")
    return place


@pytest.fixture(scope="module")
def added(music: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, AddReport]:
    path = tmp_path_factory.mktemp("added") / "mine.sqlite"
    return path, add_music(path, [music], OPTIONS)


def test_tags_and_sound_are_in_the_catalogue(added: tuple[Path, AddReport], music: Path) -> None:
    path, report = added
    tracks = tracks_of(path)
    innuendo = tracks[f"isrc:{ISRC}"]
    assert (innuendo.name, innuendo.artists, innuendo.isrc) == ("Innuendo", ("Queen",), ISRC)
    assert (innuendo.release_date, innuendo.genre) == ("1991", "rock")
    assert (innuendo.features["key"], innuendo.features["mode"]) == (0, 1)
    assert {"speechiness", "liveness", "time_signature"}.isdisjoint(innuendo.features)
    assert tracks[f"mbid:{MBID}"].name == "Headlong"
    (night,) = [track for track in tracks.values() if track.name == "Спокойная ночь"]
    assert (night.artists, night.album) == (("Кино",), "Группа крови")
    assert night.track_id.startswith("file:")
    assert night.track_id.endswith("/Спокойная ночь.ogg")
    (silent,) = [track for track in tracks.values() if track.name == "silent"]
    assert silent.features == {"duration_ms": 1_000}
    assert (report.files, report.added, report.unchanged) == (7, len(tracks), 0)
    assert find_paths(path, [f"isrc:{ISRC}", "file:none"]) == {
        f"isrc:{ISRC}": str(music / "Queen/Innuendo/01.mp3")
    }


def test_what_cannot_be_read_is_named_and_left_out(added: tuple[Path, AddReport], music: Path) -> None:
    _, report = added
    assert [path for path, _ in report.left_out] == [str(music / "empty.mp3"), str(music / "notes.mp3")]
    assert report.left_out[0][1] == "the file is empty"
    assert "no suitable format" in report.left_out[1][1]


def test_a_second_run_reads_nothing_and_names_the_same(added: tuple[Path, AddReport], music: Path) -> None:
    path, first = added
    before = tracks_of(path)
    with Catalogue.open(path) as opened:
        revision = opened.revision
    again = add_music(path, [music], OPTIONS)
    assert (again.files, again.unchanged, again.added, again.updated) == (7, 7, 0, 0)
    assert (again.left_out, again.unheard) == (first.left_out, first.unheard)
    with Catalogue.open(path) as opened:
        assert opened.revision == revision
    assert tracks_of(path) == before


def test_what_changed_is_read_again(tmp_path: Path) -> None:
    file = write_music(tmp_path / "m" / "a.flac", make_tone(1), {"title": "Old"})
    path = tmp_path / "c.sqlite"
    add_music(path, [tmp_path / "m"], OPTIONS)
    write_music(file, make_tone(2), {"title": "New"})
    report = add_music(path, [tmp_path / "m"], OPTIONS)
    assert (report.unchanged, report.updated) == (0, 1)
    (track,) = tracks_of(path).values()
    assert (track.name, track.features["duration_ms"]) == ("New", 2_000)
    same = Track(make_id(1), "New", features={"duration_ms": 2_000.0}, isrc=ISRC)
    twin = Track(f"isrc:{ISRC}", "New")
    with Catalogue.open(path) as opened:
        opened.upsert([same, twin, Track(track.track_id, artists=("Queen",))])
        opened.upsert([Track(make_id(2), "New - Live", ("Queen",), features={"duration_ms": 2_500.0})])
        opened.upsert([Track(make_id(3), "New", ("Queen",), features={"duration_ms": 9_000.0})])
    found = find_paths(path, [track.track_id, *map(make_id, (1, 2, 3))])
    assert found == dict.fromkeys([track.track_id, make_id(2)], str(file))
    file.unlink()
    assert (
        find_paths(path, [track.track_id]) == {}
    )  # the song stays known; no list leads to a file that is gone


def test_what_other_data_says_of_a_song_stays(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    known = Track(f"isrc:{ISRC}", "Innuendo (1991)", ("Queen",), features={"energy": 0.9, "liveness": 0.3})
    with Catalogue.create(path) as opened:
        opened.upsert([known])
    write_music(
        tmp_path / "m" / "a.flac", make_tone(2), {"title": "Innuendo", "isrc": ISRC, "album": "Innuendo"}
    )
    add_music(path, [tmp_path / "m"], OPTIONS)
    (track,) = tracks_of(path).values()
    assert (track.name, track.album) == ("Innuendo (1991)", "Innuendo")
    assert (track.features["energy"], track.features["liveness"], track.features["key"]) == (0.9, 0.3, 2)
    (entry,) = read_entries(path).values()
    assert not entry.owned
    assert entry.sound["energy"] != 0.9


def test_two_files_of_one_song_are_one_track(tmp_path: Path) -> None:
    tags = {"title": "Innuendo", "artist": "Queen", "isrc": ISRC}
    write_music(tmp_path / "m" / "a.mp3", make_tone(2), tags)
    large = write_music(tmp_path / "m" / "b.wav", make_tone(20))
    shutil.copy(write_music(tmp_path / "m" / "c.flac", make_tone(2), tags), tmp_path / "m" / "d.flac")
    path = tmp_path / "c.sqlite"
    add_music(path, [tmp_path / "m"], OPTIONS)
    assert len(tracks_of(path)) == 2
    assert Path(find_paths(path, [f"isrc:{ISRC}"])[f"isrc:{ISRC}"]).suffix == ".flac"
    assert large.exists()


def test_nothing_to_add(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").touch()
    with pytest.raises(InputError, match="no music files in"):
        add_music(tmp_path / "c.sqlite", [tmp_path], OPTIONS)
    assert not (tmp_path / "c.sqlite").exists()


def test_without_the_extra_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sonara", None)
    with pytest.raises(InputError, match="extra 'files'") as caught:
        add_music(tmp_path / "c.sqlite", [tmp_path], OPTIONS)
    assert ".[files]" in caught.value.hint


def test_ids() -> None:
    assert to_track_id(Tags(isrc=ISRC, mbid=MBID), "/a.mp3") == f"isrc:{ISRC}"
    assert to_track_id(Tags(mbid=MBID), "/a.mp3") == f"mbid:{MBID}"
    here, there = to_track_id(Tags(), "/a/x.mp3"), to_track_id(Tags(), "/b/x.mp3")
    assert here != there
    for name in ("x" * 250 + ".mp3", " \n .mp3", os.fsdecode(b"\xff.mp3"), "a\u202e.mp3"):
        from segue.ids import is_track_id

        assert is_track_id(to_track_id(Tags(), f"/m/{name}")), name


def test_a_long_mix_is_known_by_its_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "LONGEST_S", 1.5)
    heard = read_file(str(write_music(tmp_path / "a.flac", make_tone(2), {"title": "Mix"})))
    assert heard.sound == {"duration_ms": 2_000}
    assert heard.problem == "longer than half an hour"


def test_a_file_that_ends_its_process_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = write_music(tmp_path / "good.flac", make_tone(1))
    files = [
        MusicFile(str(good), 1, 1),
        MusicFile(str(tmp_path / "__end__"), 1, 1),
        MusicFile(str(good), 1, 2),
    ]
    heard = list(hear_all(files, 1, work=end_at_a_name))
    assert sorted((Path(file.path).name, file.mtime_ns, bool(each.problem)) for file, each in heard) == [
        ("__end__", 1, True), ("good.flac", 1, False), ("good.flac", 2, False),
    ]  # fmt: skip


def end_at_a_name(path: str) -> Heard:
    """Read a file as usual; end the process as a crash of the decoder does, for one name."""
    if path.endswith("__end__"):
        os.kill(os.getpid(), signal.SIGSEGV)
    return read_file(path)


DRIVER = """
import sys
from pathlib import Path
from segue.catalogue.music import add
add.STORE_AFTER_FILES = 2
if __name__ == "__main__":
    show = lambda done, total: print(done, flush=True)
    options = add.AddOptions(1, lambda path: (Path(path).stem, "", ""), show)
    print(add.add_music(Path(sys.argv[1]), [Path(sys.argv[2])], options).unchanged, flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_what_is_done_is_kept_when_it_is_stopped(tmp_path: Path, how: signal.Signals) -> None:
    for number in range(12):
        write_music(tmp_path / "m" / f"{number}.wav", make_tone(20))
    (tmp_path / "driver.py").write_text(DRIVER)
    path = tmp_path / "c.sqlite"
    command = [sys.executable, str(tmp_path / "driver.py"), str(path), str(tmp_path / "m")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        done = 0
        while done < 4:
            done = int(process.stdout.readline())
        process.send_signal(how)
        process.communicate(timeout=60)
    kept = len(read_entries(path))
    assert 2 <= kept < 12
    if how == signal.SIGINT:
        assert kept >= done
    wait_for_the_end_of_workers(str(tmp_path))
    report = add_music(path, [tmp_path / "m"], OPTIONS)
    assert (report.unchanged, len(tracks_of(path))) == (kept, 12)


def wait_for_the_end_of_workers(mark: str) -> None:
    """Fail when processes of a run that is gone are still there after a while."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        if mark not in found:
            return
        time.sleep(0.2)
    raise AssertionError(found)


def test_calibration_is_fitted_on_songs_known_on_both_scales(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    path = tmp_path / "c.sqlite"
    names = [f"Song {number}" for number in range(60)]
    for number in range(len(names)):
        sound = make_tone(1.0) * (number + 1) / 60
        write_music(tmp_path / "m" / f"{number}.wav", sound)
    options = AddOptions(2, lambda each: (names[int(Path(each).stem)], "Someone", ""))
    with pytest.raises(InputError, match="has no music files"):
        calibrate(make_empty(path))
    add_music(path, [tmp_path / "m"], options)
    with pytest.raises(InputError, match="none of 60 music files"):
        calibrate(path)
    heard = {track.name: track for track in tracks_of(path).values()}
    with Catalogue.open(path) as opened:
        opened.upsert(
            make_track(number, name=name, artists=("Someone",), isrc="", features={
                **FEATURES, "duration_ms": 1_000.0, "loudness": heard[name].features["loudness"] / 2,
                "energy": float(rng.random())})
            for number, name in enumerate(names)
        )  # fmt: skip
        opened.upsert([make_track(99, name=names[0], artists=("Someone",), popularity=100)])  # another length
    found = {each.feature: each for each in calibrate(path)}
    assert found["loudness"].pairs == 60
    assert found["loudness"].error_fitted is not None
    assert found["loudness"].error_fitted < found["loudness"].error_raw / 5
    assert found["loudness"].knots
    assert read_calibrations(path) == found
    mine = {track.name: track for track in tracks_of(path).values() if track.track_id.startswith("file:")}
    theirs = tracks_of(path)[make_id(30)]
    assert mine["Song 30"].features["loudness"] == pytest.approx(theirs.features["loudness"], abs=0.5)
    assert theirs.features["loudness"] == heard["Song 30"].features["loudness"] / 2
    write_music(tmp_path / "m" / "60.wav", make_tone(1.0))
    names.append("Song 60")
    add_music(path, [tmp_path / "m"], options)
    later = next(track for track in tracks_of(path).values() if track.name == "Song 60")
    assert later.features["loudness"] == pytest.approx(mine["Song 59"].features["loudness"], abs=0.5)


def make_empty(path: Path) -> Path:
    Catalogue.create(path).close()
    return path


def test_another_version_of_the_analyser_hears_anew(tmp_path: Path) -> None:
    write_music(tmp_path / "m" / "a.flac", make_tone(1))
    path = tmp_path / "c.sqlite"
    add_music(path, [tmp_path / "m"], OPTIONS)
    (entry,) = read_entries(path).values()
    with open_transaction(path) as writer:
        ledger.write_entries(writer.connection, [replace(entry, analyser="sonara 0.0.1", sound={})])
    assert add_music(path, [tmp_path / "m"], OPTIONS).unchanged == 0
    assert read_entries(path) == {entry.path: entry}
