"""Use cases: the only place that wires the parts together. The command line and the page both stand on it."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.config import Settings
from segue.controls import Controls, Query, check_n
from segue.errors import (
    EmptyPlaylistError,
    InputError,
    NothingFitsError,
    NoUsableSeeds,
    StorageError,
    TrainingError,
)
from segue.playlists.links import SpotifyLink, find_collection
from segue.playlists.read import MAX_BYTES, read_playlist
from segue.recommend.flow import MAX_SEEDS, Recommender
from segue.services.protocol import MusicService, Notify, Reading, bare_entries, say_nothing
from segue.services.spotify.service import Spotify
from segue.text.strings import list_some
from segue.types import Match, Playlist, Result, TrackReference

if TYPE_CHECKING:
    from segue.catalogue.get import PublicSet
    from segue.corpus.lists import TrackList
    from segue.model.bundle import Bundle

_LINK_HOSTS = ("spotify.com", "spotify.link", "spoti.fi")  # copied without the https:// before it
_LONGEST_LINK = 1_000  # bytes; no link is longer
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
    name
        The name of the bundle; that of its folder when empty.

    """

    catalogue: Path
    playlists: Path
    out: Path
    kind: Kind = "full"
    rng: int = 0
    everything: bool = False
    steps: int | None = None
    name: str = ""


def train_bundle(request: TrainingRequest, *, report: Report) -> "Bundle":
    """Train a bundle from a catalogue and playlists.

    Raises
    ------
    TrainingError
        When the extra `train` is not installed, or there is too little to learn from.
    CatalogueError, InputError
        When a file cannot be read.

    """
    from segue.corpus.gaps import fill_gaps
    from segue.corpus.lists import read_lists, resolve

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
    name = request.name or request.out.resolve().name
    settings = replace(TrainingSettings.of(request.kind, rng=request.rng), name=name)
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


def _lists_to_learn(lists: Sequence["TrackList"], request: TrainingRequest) -> Sequence["TrackList"]:
    from segue.corpus.splits import split_lists

    return lists if request.everything else split_lists(lists).fitted_for("test")


@dataclass(frozen=True, slots=True)
class Source:
    """What a person gave: a file or pasted text as bytes, track ids, or both (the text comes first).

    `filename` helps to tell formats apart, and names a list that has no name of its own. `playlist` is one
    that was read before; nothing else is looked at then.
    """

    data: bytes = b""
    filename: str = ""
    track_ids: tuple[str, ...] = ()
    playlist: Playlist | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for besides the songs: how many, under which controls, whether to explain scores."""

    n: int = 50
    controls: Controls = field(default_factory=Controls)
    explain_scores: bool = False


@dataclass(frozen=True, slots=True)
class Ports:
    """What the flow works with: the open catalogue and model, and the services that may be read."""

    recommender: Recommender
    services: tuple[MusicService, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the flow that is about to be taken.

    Attributes
    ----------
    name
        "read", "match", "recommend", or "note": what there is to say that needs the catalogue once more.
    work
        Takes the step, on whatever thread suits; its return value goes back to the flow.
    reading, matches
        What the steps before found; None and empty before that.
    query
        Of the step "recommend": what is asked of the recommender, for those who answer many at once.

    """

    name: Literal["read", "match", "recommend", "note"]
    work: Callable[[], Any]
    reading: Reading | None = None
    matches: tuple[Match, ...] = ()
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The new playlist, what was read, how it was found in the catalogue, and notes for the person.

    `offer` names a public set that would add to a small catalogue where it hardly holds the list, or is "".
    """

    reading: Reading
    matches: tuple[Match, ...]
    result: Result
    notes: tuple[str, ...] = ()
    offer: str = ""

    @property
    def unmatched(self) -> tuple[str, ...]:
        """What was given and is not in the catalogue, or came into it after it was opened."""
        missing = (str(match.reference) for match in self.matches if match.track is None)
        return (*missing, *self.result.unmatched)


def continue_playlist(
    source: Source,
    asked: Asked,
    ports: Ports,
    on_stage: Callable[[Step], object] | None = None,
) -> Answer:
    """Turn a playlist into a new one: read, match, recommend, explain, say what there is to say.

    Command line, page, HTTP API and Python all stand on this.

    Parameters
    ----------
    source
        What the person gave.
    asked
        How many songs, under which controls.
    ports
        What to work with.
    on_stage
        Is told of each step before it is taken.

    Raises
    ------
    InputError
        When the playlist cannot be read, or a control cannot be used.
    NoUsableSeeds
        When none of its songs is in the catalogue.
    NothingFitsError
        When no track of the catalogue meets all that was asked for.
    CatalogueError, BundleError, SpotifyError
        When one of these cannot be used.

    """
    steps = iter_steps(source, asked, ports)
    try:
        step = next(steps)
        while True:
            if on_stage is not None:
                on_stage(step)
            step = steps.send(step.work())
    except StopIteration as end:
        answer: Answer = end.value
        return answer


def iter_steps(source: Source, asked: Asked, ports: Ports) -> Generator[Step, Any, Answer]:
    """Yield the steps of the flow, take what came of each by `send`, and return the answer.

    This is the flow itself; `continue_playlist` drives it on one thread, a server drives it on several.
    Raises as `continue_playlist` does.
    """
    check_n(asked.n)
    recommender = ports.recommender
    reading: Reading = yield Step("read", lambda: read_source(source, ports))
    matches: tuple[Match, ...] = yield Step("match", lambda: match(reading.playlist, recommender), reading)
    seeds = tuple(dict.fromkeys(found.track.track_id for found in matches if found.track))
    if not seeds:
        raise _no_seeds(matches, recommender)
    query = Query(seeds, asked.n, asked.controls, asked.explain_scores)
    result: Result = yield Step("recommend", lambda: recommend(query, recommender), reading, matches, query)
    if not result.tracks:
        raise (yield Step("note", lambda: _nothing_fits(recommender, asked.controls)))
    notes = list(_iter_notes(asked, seeds, result))
    if asked.controls.exclude_artists:
        notes += yield Step("note", lambda: list(_iter_unknown_artists(recommender, asked.controls)))
    more = _find_more(matches, recommender)
    if more is not None:
        notes.append(
            f"Only {sum(found.track is not None for found in matches)} of {len(matches)} songs are in the "
            f"catalogue. {_tell_more(more)}"
        )
    return Answer(reading, matches, result, tuple(notes), more.name if more else "")


def open_services(settings: Settings, notify: Notify = say_nothing) -> tuple[MusicService, ...]:
    """Return the services that can be read, each with the sign-in that these settings keep."""
    return (
        Spotify(settings, find_collection, lambda spotify_id: SpotifyLink("playlist", spotify_id), notify),
    )


def read_source(source: Source, ports: Ports) -> Reading:
    """Read what a person gave; a service reads its links, and tells of tracks that the catalogue lacks.

    Raises
    ------
    InputError
        When it is no playlist in any format that we know.
    SpotifyError
        When a link cannot be read.

    """
    reading = _read_link(source, ports.services)
    if reading is None:
        reading = Reading(source.playlist if source.playlist is not None else _read_text(source))
        for service in ports.services:
            reading = service.complete(reading, _unknown_entries(reading, ports.recommender))
    return reading


def _read_link(source: Source, services: Sequence[MusicService]) -> Reading | None:
    """Read what a service knows as a link of its own; None when the source is no such link."""
    if not source.data or len(source.data) > _LONGEST_LINK or source.track_ids:
        return None
    text = source.data.decode("utf-8", "replace")
    for service in services:
        link = service.recognise(text)
        if link is not None:
            return Reading(service.read(link), link)
    return None


def _read_text(source: Source) -> Playlist:
    read = Playlist(())
    if source.data.strip() or not source.track_ids:
        read = read_playlist(source.data, filename=source.filename)
    ids = tuple(TrackReference(track_id=track_id) for track_id in source.track_ids)
    return replace(read, entries=read.entries + ids)


def match(
    playlist: Playlist,
    recommender: Recommender,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Match, ...]:
    """Find each entry of a playlist in the catalogue.

    Raises
    ------
    MatchingStoppedError
        When `should_stop` said so; it is asked now and then.

    """
    return tuple(match_playlist(recommender.catalogue, playlist, should_stop=should_stop, progress=progress))


def recommend(query: Query, recommender: Recommender) -> Result:
    """Answer one query."""
    return recommender.recommend_many(
        [query.seeds], query.n, query.controls, explain_scores=query.explain_scores
    )[0]


def _unknown_entries(reading: Reading, recommender: Recommender) -> list[int]:
    """Return the indices of entries that say no more than an id, and one that the catalogue lacks."""
    bare = bare_entries(reading.playlist.entries) if reading.link is None else []
    rows = recommender.catalogue.find_rows([reading.playlist.entries[index].track_id for index in bare])
    return [index for index, row in zip(bare, rows.tolist(), strict=True) if row < 0]


def _no_seeds(matches: Sequence[Match], recommender: Recommender) -> NoUsableSeeds:
    names = tuple(str(found.reference) for found in matches)
    more = _find_more(matches, recommender)
    hint = "Import a larger catalogue (`segue catalogue import FILE`), or try other songs."
    return NoUsableSeeds(
        f"none of the {len(names)} songs is in the catalogue "
        f"({len(recommender.catalogue):,} tracks): {list_some(names)}",
        seeds=names,
        offer=more.name if more else "",
        hint=f"{_tell_more(more)} {hint}" if more else hint,
    )


def _find_more(matches: Sequence[Match], recommender: Recommender) -> "PublicSet | None":
    """Return a public set that would add to a small catalogue, where it holds less than half of a list."""
    if 2 * sum(found.track is not None for found in matches) >= len(matches):
        return None
    from segue.catalogue.get import load_sets  # brings the HTTP client along

    return next((each for each in load_sets() if each.tracks > len(recommender.catalogue)), None)


def _tell_more(more: "PublicSet") -> str:
    return f"{more.tracks:,} tracks more, {more.size_mb}: `segue catalogue get {more.name}`."


def _iter_notes(asked: Asked, seeds: Sequence[str], result: Result) -> Iterator[str]:
    """Say what the result does not show by itself."""
    if len(seeds) > MAX_SEEDS:
        yield (
            f"{MAX_SEEDS} of the {len(seeds):,} songs, evenly spaced, are listened to; "
            "none of all comes back."
        )
    if len(result.tracks) < asked.n:
        yield f"Only {len(result.tracks)} of {asked.n} songs: no more fit what was asked for."


def _iter_unknown_artists(recommender: Recommender, controls: Controls) -> Iterator[str]:
    """Say which artists that were to be left out the catalogue does not know."""
    for name in controls.exclude_artists:
        if not recommender.find_by_artist(name):
            near = {track.artists[0]: None for track in recommender.catalogue.search(name) if track.artists}
            hint = f" (near it: {', '.join([*near][:3])})" if near else ""
            yield f"No artist is called {name!r} in the catalogue, so leaving them out changed nothing{hint}."


def _nothing_fits(recommender: Recommender, controls: Controls) -> NothingFitsError:
    return NothingFitsError(
        f"no track of the catalogue ({len(recommender.catalogue):,}) fits all that was asked for",
        hint=_why_nothing(recommender, controls),
    )


def _why_nothing(recommender: Recommender, controls: Controls) -> str:
    """Name a control that no track can meet, since the catalogue lacks the value altogether."""
    for name, ends, values in (
        ("release years", controls.years, recommender.tables.inputs.year),
        ("popularity", controls.popularity, recommender.tables.popularity),
    ):
        if ends != (None, None) and not np.isfinite(values).any():
            return f"This catalogue knows no {name} at all: leave that out, or import a catalogue that does."
    return "Widen a range, or leave a control out."


def find_source(values: Sequence[str], read_standard_input: Callable[[], bytes]) -> Source:
    """Find out what stands on a command line: one file, "-" for standard input, a link, or several links.

    Raises
    ------
    InputError
        When it is none of these.
    StorageError
        When a file cannot be read.

    """
    text = "\n".join(values)
    if not text.strip():
        raise EmptyPlaylistError(
            "expected a playlist, got an empty text",
            hint="Give a file, a Spotify link, lines 'Artist - Title', or - to read standard input.",
        )
    path = Path(values[0]).expanduser() if len(values) == 1 else None
    if text == "-":
        return Source(read_standard_input())
    if path is not None and _can_be_read(path):
        return Source(_read_file(path), path.name)
    if path is not None and _is_folder(path):
        raise InputError(f"{path} is a folder", hint="Give a file in it.")
    if len(values) > 1 and any(_can_be_read(Path(value)) for value in values):
        raise InputError(f"expected one file, got {len(values)}", hint="Give one at a time, or join them.")
    if _looks_like_a_path(text):
        raise InputError(
            f"there is no file {text}", hint="Give a file, a Spotify link, or - to read standard input."
        )
    return Source(text.encode())


def _can_be_read(path: Path) -> bool:
    """Tell whether there is a file, or something that is read like one: `<(...)` of a shell, a pipe."""
    try:
        return path.is_file() or path.is_fifo() or path.is_char_device() or path.is_socket()
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
