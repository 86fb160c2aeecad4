"""Reading many music files at once, in processes of their own.

A file that brings the decoder down ends one process, and not the run: it is named, and the rest goes on.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from segue.catalogue.music.sound import LONGEST_S, SoundError, hear
from segue.catalogue.music.tags import Tags, TagsError, read_tags
from segue.catalogue.music.walk import MusicFile

_AHEAD = 4  # files a process that are handed out
_CRASHED = "its sound brings the decoder down"


@dataclass(frozen=True, slots=True)
class Heard:
    """What one file holds.

    Attributes
    ----------
    tags
        None when it has none that can be read.
    sound
        The audio features, on the analyser's scale; empty when it cannot be heard.
    problem
        Why not; empty when it was.

    """

    tags: Tags | None = None
    sound: dict[str, float] = field(default_factory=dict)
    problem: str = ""


def read_file(path: str) -> Heard:
    """Read the tags and the sound of one file; never raises for what is in it."""
    try:
        tags = read_tags(path)
    except TagsError:
        tags = None
    if tags is not None and tags.seconds > LONGEST_S:
        return Heard(tags, {"duration_ms": float(round(1000 * tags.seconds))}, "longer than half an hour")
    try:
        return Heard(tags, hear(path))
    except SoundError as error:
        length = {"duration_ms": float(round(1000 * tags.seconds))} if tags and tags.seconds > 0 else {}
        return Heard(tags, length, str(error))


def hear_all(
    files: Sequence[MusicFile], jobs: int, work: Callable[[str], Heard] = read_file
) -> Generator[tuple[MusicFile, Heard], None, None]:
    """Yield what files hold, as it comes; close it to stop early.

    Parameters
    ----------
    files
        What to read.
    jobs
        How many processes.
    work
        What each of them does with a path.

    """
    waiting = list(reversed(files))
    while waiting:
        pending: dict[Future[Heard], MusicFile] = {}
        with _pool(jobs) as pool:
            try:
                while waiting or pending:
                    while waiting and len(pending) < _AHEAD * jobs:
                        pending[pool.submit(_work, work, waiting[-1].path)] = waiting[-1]
                        waiting.pop()
                    for future in wait(pending, return_when=FIRST_COMPLETED).done:
                        heard = future.result()
                        yield pending.pop(future), heard
            except BrokenProcessPool:
                suspects = list(pending.values())
            else:
                return
            finally:
                pool.shutdown(cancel_futures=True)
        for file in suspects:
            yield file, _hear_alone(file, work)


def _hear_alone(file: MusicFile, work: Callable[[str], Heard]) -> Heard:
    """Read one file in a process of its own: one of those that were read when a process went down."""
    with _pool(1) as pool:
        try:
            return pool.submit(_work, work, file.path).result()
        except BrokenProcessPool:
            return Heard(problem=_CRASHED)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # Not by fork: this process has threads, which a fork would leave half of.
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Make ready a process that reads: one core each, deaf to Ctrl+C, gone when the one that began it is."""
    os.environ["RAYON_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(work: Callable[[str], Heard], path: str) -> Heard:
    try:
        return work(path)
    except BaseException as error:  # noqa: BLE001 - a panic of the decoder is no Exception, and cannot travel
        return Heard(problem=f"{_CRASHED} ({type(error).__name__})")
