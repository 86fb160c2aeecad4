"""Use cases: the only place that wires the parts together. The command line and the page both stand on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from segue.catalogue.in_use import find_catalogue
from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.corpus.gaps import fill_gaps
from segue.corpus.lists import TrackList, read_lists, resolve
from segue.corpus.splits import split_lists
from segue.errors import InputError, InvalidControlsError, NoUsableSeeds, StorageError, TrainingError
from segue.model.bundle import Bundle
from segue.playlists.links import SpotifyLink, find_collection
from segue.playlists.read import MAX_BYTES, read_playlist
from segue.recommend.filters import check_controls
from segue.recommend.flow import Recommender
from segue.types import Controls, Match, Playlist, Result

_LINK_HOSTS = ("spotify.com", "spotify.link", "spoti.fi")  # copied without the https:// before it
Report = Callable[[str, Mapping[str, float]], None]
Kind = Literal["full", "audio"]


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """What to train.

    Attributes
    ----------
    catalogue, playlists
        The files to learn from.
    out
        The folder of the new bundle.
    kind
        "full", or "audio" for a model that sees audio features alone.
    rng
        The number that all randomness hangs on.
    everything
        Learn from all lists; otherwise those that `segue evaluate` measures on by default are left out.
    steps
        Batches of the towers' first fit; None for the default.

    """

    catalogue: Path
    playlists: Path
    out: Path
    kind: Kind = "full"
    rng: int = 0
    everything: bool = False
    steps: int | None = None


def train_bundle(request: TrainingRequest, *, report: Report) -> Bundle:
    """Train a bundle from a catalogue and playlists.

    Raises
    ------
    TrainingError
        When the extra `train` is not installed, or there is too little to learn from.
    CatalogueError, InputError
        When a file cannot be read.

    """
    try:
        from segue.training.fit import TrainingList, TrainingSettings, train
    except ImportError as error:
        raise TrainingError(
            f"training needs the extra 'train' ({error.name} is not installed)",
            hint="Install it: pip install '.[train]'.",
        ) from error
    with Catalogue.open(request.catalogue) as catalogue:
        report("reading", {})
        lists = _lists_to_learn(resolve(read_lists(request.playlists), catalogue), request)
        columns = fill_gaps(catalogue.load_columns(), np.random.default_rng(request.rng))
    settings = TrainingSettings.of(request.kind, rng=request.rng)
    if request.steps is not None:
        schedule = replace(settings.schedule, steps=request.steps)
        settings = replace(settings, schedule=schedule, more_steps=max(request.steps // 4, 1))
    return train(
        columns,
        [TrainingList(each.rows, each.list_hash) for each in lists],
        settings,
        out=request.out,
        report=report,
    )


def _lists_to_learn(lists: Sequence[TrackList], request: TrainingRequest) -> Sequence[TrackList]:
    return lists if request.everything else split_lists(lists).fitted_for("test")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for: how many songs, under which controls, of which catalogue, by which model."""

    n: int
    controls: Controls
    catalogue: Path | None
    model: str | Path


@dataclass(frozen=True, slots=True)
class Reading:
    """A playlist as it was read, and the link that it came from, if any."""

    playlist: Playlist
    link: SpotifyLink | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How the playlist was found in the catalogue, the new one, and notes for the person who asked."""

    matches: Sequence[Match]
    result: Result
    notes: tuple[str, ...] = ()


def read_input(
    values: Sequence[str],
    read_standard_input: Callable[[], bytes],
    read_link: Callable[[SpotifyLink], Playlist],
) -> Reading:
    """Read a playlist from what stands on the command line.

    Parameters
    ----------
    values
        One file, "-" for standard input, a link, or several links.
    read_standard_input
        Called for "-".
    read_link
        Called for the link of a playlist, an album or Liked Songs.

    Raises
    ------
    InputError
        When it is none of these.

    """
    text = "\n".join(values)
    path = Path(values[0]).expanduser() if len(values) == 1 else None
    if text == "-":
        data, name = read_standard_input(), ""
    elif path is not None and _is_file(path):
        data, name = _read_file(path), path.name
    elif path is not None and _is_folder(path):
        raise InputError(f"{path} is a folder", hint="Give a file in it.")
    elif len(values) > 1 and any(_is_file(Path(value)) for value in values):
        raise InputError(f"expected one file, got {len(values)}", hint="Give one at a time, or join them.")
    elif _looks_like_a_path(text):
        raise InputError(
            f"there is no file {text}",
            hint="Give a file, a Spotify link, or - to read standard input.",
        )
    else:
        data, name = text.encode(), ""
    link = find_collection(data[:1000].decode("utf-8", "replace")) if len(data) < 1000 else None
    if link is not None:
        return Reading(read_link(link), link)
    return Reading(read_playlist(data, filename=name))


def recommend_playlist(
    playlist: Playlist,
    asked: Asked,
    settings: Settings,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Answer:
    """Find a playlist's tracks in the catalogue and recommend from them.

    Raises
    ------
    NoUsableSeeds
        When none of them is found.
    CatalogueError, BundleError, InvalidControlsError
        As `Recommender` raises them.

    """
    check_controls(asked.controls, asked.n)
    path = asked.catalogue or find_catalogue(settings)
    with Recommender.open(path, asked.model, progress=progress) as recommender:
        matches = match_playlist(recommender.catalogue, playlist)
        seeds = [match.track.track_id for match in matches if match.track]
        if not seeds:
            names = tuple(str(match.reference) for match in matches)
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            raise NoUsableSeeds(
                f"none of the {len(names)} songs is in the catalogue "
                f"({len(recommender.catalogue):,} tracks): {shown}",
                seeds=names,
                hint="Import a larger catalogue (`segue catalogue import FILE`), or try other songs.",
            )
        result = recommender.recommend(seeds, asked.n, asked.controls)
        if not result.tracks:
            raise InvalidControlsError(
                f"no track of the catalogue ({len(recommender.catalogue):,}) fits all that was asked for",
                hint=_why_nothing(recommender, asked.controls),
            )
        return Answer(matches, result, tuple(_iter_notes(recommender, asked, result)))


def _iter_notes(recommender: Recommender, asked: Asked, result: Result) -> Iterator[str]:
    """Say what the result does not show by itself."""
    if len(result.tracks) < asked.n:
        yield f"Only {len(result.tracks)} of {asked.n} songs: no more fit what was asked for."
    for name in asked.controls.exclude_artists:
        if not recommender.find_by_artist(name):
            near = {track.artists[0]: None for track in recommender.catalogue.search(name) if track.artists}
            hint = f" (near it: {', '.join([*near][:3])})" if near else ""
            yield f"No artist is called {name!r} in the catalogue, so leaving them out changed nothing{hint}."


def _why_nothing(recommender: Recommender, controls: Controls) -> str:
    """Name a control that no track can meet, since the catalogue lacks the value altogether."""
    for name, ends, values in (
        ("release years", controls.years, recommender.tables.inputs.year),
        ("popularity", controls.popularity, recommender.tables.popularity),
    ):
        if ends != (None, None) and not np.isfinite(values).any():
            return f"This catalogue knows no {name} at all: leave that out, or import a catalogue that does."
    return "Widen a range, or leave a control out."


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text too long for a path, or with a NUL in it
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _looks_like_a_path(text: str) -> bool:
    return (
        "\n" not in text
        and " - " not in text
        and "://" not in text
        and not text.partition("/")[0].endswith(_LINK_HOSTS)
        and bool(Path(text).suffix or "/" in text)
    )


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
