"""Use cases: the only place that wires the parts together. The command line and the page both stand on it."""

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from segue.catalogue.match import Matcher, match_playlist
from segue.catalogue.match.same_song import find_own_rows
from segue.catalogue.music.ledger import find_paths
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
from segue.playlists.read import MAX_BYTES, read_playlist
from segue.recommend.flow import MAX_SEEDS, Recommender
from segue.recommend.named import find_named
from segue.services.protocol import (
    Link,
    MusicService,
    NewList,
    Notify,
    OpenService,
    Reading,
    SavedList,
    bare_entries,
    say_nothing,
)
from segue.services.spotify.service import open_spotify
from segue.text.links import begins_like_a_link
from segue.text.strings import list_some
from segue.types import Match, Playlist, Result, Track, TrackReference

if TYPE_CHECKING:
    from segue.catalogue.get import PublicSet
    from segue.corpus.lists import TrackList
    from segue.model.bundle import Bundle

SERVICES: tuple[OpenService, ...] = (open_spotify,)  # the first is the one that is meant when none is named
OTHERS = 5  # tracks to choose from, for a line that is doubtful or not found
MAX_WITH_OTHERS = 300  # lines that come with them; each takes some thousandths of a second
MAX_LIKENESSES = 100  # unfound lines of lists to exclude that are looked at for what they may mean
# What a text ends in that is meant as a file, whether or not it is one that can be read.
_FILE_ENDING = re.compile(
    r"\.(?:csv|tsv|tab|m3u8?|xspf|jspf|json|txt|uris|text|md|log|zip|gz|xml|html?|pdf|pls|wpl|xlsx?|ods|docx?|"
    r"mp3|flac|ogg|m4a|wav|sqlite|parquet)",
    re.IGNORECASE,
)
_LONGEST_LINK = 1_000  # bytes; no link is longer
Report = Callable[[str, Mapping[str, float]], None]
Kind = Literal["full", "audio"]
T = TypeVar("T")


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
    from segue.corpus.lists import iter_lists, resolve

    try:
        from segue.training.fit import TrainingList, TrainingSettings, train
    except ImportError as error:
        raise TrainingError(
            f"training needs the extra 'train' ({error.name} is not installed)",
            hint="Install it: pip install '.[train]'.",
        ) from error
    with Catalogue.open(request.catalogue) as catalogue:
        report("reading", {})
        lists = _lists_to_learn(resolve(iter_lists(request.playlists), catalogue), request)
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
    """What a person asks for besides the songs: how many, under which controls, whether to explain scores.

    No song of the lists `exclude` is picked, in no version, nor what their unfound lines may well mean.
    """

    n: int = 50
    controls: Controls = field(default_factory=Controls)
    explain_scores: bool = False
    exclude: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Ports:
    """What the flow works with: the open catalogue and model, and the services that may be read.

    `progress` hears now and then how many distinct entries are matched, and how many there are.
    """

    recommender: Recommender
    services: tuple[MusicService, ...] = ()
    progress: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the flow that is about to be taken.

    Attributes
    ----------
    name
        "read", "match", "own" (which tracks are the songs given, by whatever name), "recommend", or "note":
        what there is to say that needs the catalogue once more.
    work
        Takes the step, on whatever thread suits; its return value goes back to the flow.
    reading, matches
        What the steps before found; None and empty before that.
    query
        Of the step "recommend": what is asked of the recommender, for those who answer many at once.
    is_remote
        Whether the work waits for a service, which may take long and costs this machine nothing.

    """

    name: Literal["read", "match", "own", "recommend", "note"]
    work: Callable[[], Any]
    reading: Reading | None = None
    matches: tuple[Match, ...] = ()
    query: Query | None = None
    is_remote: bool = False


Found = tuple[Reading, tuple[Match, ...]]


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
        missing = (str(match.reference) for match in self.matches if not match.tracks)
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
    CatalogueError, BundleError, ServiceError
        When one of these cannot be used.

    """
    answer = _take_all(iter_steps(source, asked, ports), on_stage)
    return replace(answer, result=_with_paths(answer.result, ports.recommender.catalogue.path))


def _with_paths(result: Result, catalogue: Path) -> Result:
    """Return the picks with the music files that they have on this machine.

    A server drives the steps itself, so that it tells nobody where files lie.
    """
    paths = find_paths(catalogue, [pick.track_id for pick in result.tracks])
    if not paths:
        return result
    picks = (
        replace(pick, track=replace(pick.track, path=paths.get(pick.track_id, ""))) for pick in result.tracks
    )
    return replace(result, tracks=tuple(picks))


def _take_all(steps: Generator[Step, Any, T], on_stage: Callable[[Step], object] | None = None) -> T:
    """Take all steps, one after the other, on this thread; return what came of the last."""
    try:
        step = next(steps)
        while True:
            if on_stage is not None:
                on_stage(step)
            step = steps.send(step.work())
    except StopIteration as end:
        result: T = end.value
        return result


def iter_steps(source: Source, asked: Asked, ports: Ports) -> Generator[Step, Any, Answer]:
    """Yield the steps of the flow, take what came of each by `send`, and return the answer.

    This is the flow itself; `continue_playlist` drives it on one thread, a server drives it on several.
    Raises as `continue_playlist` does.
    """
    check_n(asked.n)
    recommender = ports.recommender
    reading, matches = yield from iter_matching(source, ports)
    seeds = tuple(dict.fromkeys(track.track_id for found in matches for track in found.tracks))
    if not seeds:
        raise _no_seeds(matches, recommender)
    others = yield from _iter_excluded(asked.exclude, ports)
    owned: tuple[str, ...] = yield Step(
        "own", lambda: find_owned(matches, recommender, others), matches=(*matches, *others)
    )
    query = Query(seeds, asked.n, asked.controls, asked.explain_scores, owned)
    result: Result = yield Step("recommend", lambda: recommend(query, recommender), reading, matches, query)
    if not result.tracks:
        raise (yield Step("note", lambda: _nothing_fits(recommender, asked.controls)))
    notes = [*_iter_named(matches), *_iter_notes(asked, seeds, result), *_iter_left_out(others)]
    if asked.controls.exclude_artists:
        notes += yield Step("note", lambda: list(_iter_unknown_artists(recommender, asked.controls)))
    more = _find_more(matches, recommender)
    if more is not None:
        notes.append(
            f"Only {sum(bool(found.tracks) for found in matches)} of {len(matches)} songs are in the "
            f"catalogue. {_tell_more(more)}"
        )
    return Answer(reading, matches, result, tuple(notes), more.name if more else "")


def iter_matching(source: Source, ports: Ports) -> Generator[Step, Any, Found]:
    """Yield the steps that read what a person gave and find it in the catalogue; return what came of them."""
    reading = yield from _iter_reading(source, ports)
    matches: tuple[Match, ...] = yield Step(
        "match", lambda: match(reading.playlist, ports.recommender, progress=ports.progress), reading
    )
    return reading, matches


def _iter_excluded(sources: Sequence[Source], ports: Ports) -> Generator[Step, Any, tuple[Match, ...]]:
    """Read the lists of which nothing may be picked, and find them all at once."""
    entries: list[TrackReference] = []
    for number, source in enumerate(sources, 1):
        name = source.filename or (f"list {number}" if len(sources) > 1 else "list")
        reading = yield from _name_errors(_iter_reading(source, ports), f"the {name} to exclude")
        entries += reading.playlist.entries
    if not entries:
        return ()
    whole = Playlist(tuple(entries))
    matches: tuple[Match, ...] = yield Step(
        "match", lambda: match(whole, ports.recommender, progress=ports.progress), Reading(whole)
    )
    return matches


def _name_errors(steps: Generator[Step, Any, T], what: str) -> Generator[Step, Any, T]:
    """Pass steps on; an error of the input then says first what it is of."""

    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except InputError as error:
            raise type(error)(f"{what}: {error.message}", hint=error.hint) from error

    came: Any = None
    while True:
        try:
            step = steps.send(came)
        except StopIteration as end:
            result: T = end.value
            return result
        came = yield replace(step, work=partial(run, step.work))


def _iter_reading(source: Source, ports: Ports) -> Generator[Step, Any, Reading]:
    """Read what a person gave; a service reads its links, and tells of tracks that the catalogue lacks."""
    found = next(_iter_links(source, ports.services), None)
    if found is not None:
        service, link = found
        playlist: Playlist = yield Step("read", partial(service.read, link), is_remote=True)
        return Reading(playlist, link)
    read: tuple[Reading, list[int]] = yield Step("read", lambda: _read_given(source, ports.recommender))
    reading, unknown = read
    for service in ports.services:
        if unknown and service.can_complete():
            reading = yield Step("read", partial(service.complete, reading, unknown), is_remote=True)
            still = set(bare_entries(reading.playlist.entries)) if reading.link is None else set()
            unknown = [index for index in unknown if index in still]
    return reading


def open_services(
    settings: Settings, notify: Notify = say_nothing, *, in_memory: bool = False
) -> tuple[MusicService, ...]:
    """Return all services, each with the sign-in that these settings keep; or, in memory, with none yet."""
    return tuple(open_service(settings, notify, in_memory=in_memory) for open_service in SERVICES)


def find_service(services: Sequence[MusicService], name: str = "", *, link: str = "") -> MusicService:
    """Return the service of a name; without one, that which knows a link as its own; else the first.

    Raises
    ------
    InputError
        When none has this name.

    """
    if name:
        for service in services:
            if service.about.slug == name.casefold():
                return service
        known = ", ".join(service.about.slug for service in services)
        raise InputError(f"expected a service: {known}; got {name!r}", hint="Choose one of these.")
    return next((service for service in services if link and service.recognise(link)), services[0])


def save_list(service: MusicService, tracks: Sequence[Track], new: NewList) -> SavedList:
    """Find the tracks at a service, and make a list of them there or finish one that was begun.

    Raises
    ------
    UnfinishedPlaylistError
        When the list exists, or may exist, and is not complete; the hint says how to finish it.
    InputError, ServiceError, StorageError
        When nothing was made.

    """
    return service.save(tracks, service.find_tracks(tracks), new)


def read_source(source: Source, ports: Ports) -> Reading:
    """Read what a person gave; a service reads its links, and tells of tracks that the catalogue lacks.

    Raises
    ------
    InputError
        When it is no playlist in any format that we know.
    ServiceError
        When a link cannot be read.

    """
    return _take_all(_iter_reading(source, ports))


def _iter_links(source: Source, services: Sequence[MusicService]) -> Iterator[tuple[MusicService, Link]]:
    """Give each service that knows the whole of the source as a link of its own, and the link."""
    if not source.data or len(source.data) > _LONGEST_LINK or source.track_ids:
        return
    text = source.data.decode("utf-8", "replace")
    for service in services:
        link = service.recognise(text)
        if link is not None:
            yield service, link


def _read_given(source: Source, recommender: Recommender) -> tuple[Reading, list[int]]:
    """Read what needs no service; say which entries are no more than an id that the catalogue lacks."""
    playlist = source.playlist if source.playlist is not None else _read_text(source)
    bare = bare_entries(playlist.entries)
    rows = recommender.catalogue.find_rows([playlist.entries[index].track_id for index in bare])
    return Reading(playlist), [index for index, row in zip(bare, rows.tolist(), strict=True) if row < 0]


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
    """Find each entry of a playlist in the catalogue: a song, or those of an artist or album that it names.

    Raises
    ------
    MatchingStoppedError
        When `should_stop` said so; it is asked now and then.

    """
    found = match_playlist(recommender.catalogue, playlist, should_stop=should_stop, progress=progress)
    named = find_named(found, recommender)
    return recommender.decisions.apply(named, recommender.catalogue) if recommender.decisions else named


def look_up(source: Source, ports: Ports) -> Found:
    """Read what a person gave and find it, with the closest others of all that is doubtful or not found.

    Raises
    ------
    InputError
        When it is no playlist.
    ServiceError
        When a link cannot be read.

    """
    reading, matches = _take_all(iter_matching(source, ports))
    return reading, find_others(matches, ports.recommender)


def find_others(matches: Sequence[Match], recommender: Recommender) -> tuple[Match, ...]:
    """Give the first few hundred matches that are doubtful, or nothing, the tracks that came closest."""
    matcher = Matcher(recommender.catalogue)
    unsure = [each for each in matches if each.is_doubtful or not (each.tracks or each.method == "decided")]
    few = {id(each) for each in unsure[:MAX_WITH_OTHERS]}
    return tuple(
        replace(each, closest=matcher.closest(each.reference, OTHERS)) if id(each) in few else each
        for each in matches
    )


def recommend(query: Query, recommender: Recommender) -> Result:
    """Answer one query."""
    return recommender.recommend_many(
        [query.seeds],
        query.n,
        query.controls,
        explain_scores=query.explain_scores,
        owned=[query.owned],
    )[0]


def find_owned(
    matches: Sequence[Match], recommender: Recommender, others: Sequence[Match] = ()
) -> tuple[str, ...]:
    """Return the ids of all tracks that are, or may well be, songs that were given: nobody wants them anew.

    They are other versions and spellings of what was found, and what lines that were not found may mean; of
    the lines of `others`, lists to exclude, the first few: a library has thousands that no catalogue holds.
    Ids, since a server may open its catalogue anew before it picks.
    """
    catalogue = recommender.catalogue
    given = [track.track_id for found in (*matches, *others) for track in found.tracks]
    seeds = catalogue.find_rows(given)
    missing = [found.reference for found in matches if not found.tracks]
    missing += [found.reference for found in others if not found.tracks][:MAX_LIKENESSES]
    rows = find_own_rows(catalogue, seeds[seeds >= 0].tolist(), missing)
    return tuple(catalogue.find_ids(rows.tolist()))


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
    if 2 * sum(bool(found.tracks) for found in matches) >= len(matches):
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


def _iter_named(matches: Sequence[Match]) -> Iterator[str]:
    """Say what stands for the artists and albums that were named."""
    for each in {found.named: found for found in matches if found.songs}.values():
        *first, last = each.named
        names = f"{', '.join(first)} and {last}" if first else last
        count = len(each.songs)
        if each.method == "album":
            yield f"{names}: the {count} songs of this album that the catalogue holds."
        else:
            yield f"{names}: {count} of {'their' if first else 'its'} best-known songs."


def _iter_left_out(others: Sequence[Match]) -> Iterator[str]:
    """Say how much of the lists to exclude the catalogue holds at all."""
    if others:
        found = sum(bool(each.tracks) for each in others)
        yield f"Left out: {found:,} of the {len(others):,} songs to exclude, in all their versions."


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
        ("release years", controls.years, recommender.tables.song_year),
        ("popularity", controls.popularity, recommender.tables.popularity),
    ):
        if ends != (None, None) and not np.isfinite(values).any():
            return f"This catalogue knows no {name} at all: leave that out, or import a catalogue that does."
    if not recommender.tables.knows_lists and not recommender.tables.heard.any():
        return "This model looks at sound alone, of which the catalogue knows nothing: use the model `full`."
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
            hint="Give a file, a link, lines 'Artist - Title', or - to read standard input.",
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
        raise InputError(f"there is no file {text}", hint="Give a file, a link, or - to read standard input.")
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
    """Tell whether a text is meant as a file rather than as names: AC/DC, will.i.am and Dr. Dre are none."""
    if "\n" in text or " - " in text or "://" in text or begins_like_a_link(text):
        return False
    path = Path(text)
    return (
        bool(_FILE_ENDING.fullmatch(path.suffix))
        or text.startswith(("/", "./", "../", "~"))
        or len(path.parts) > 2
        or (len(path.parts) > 1 and _is_folder(path.parent))
    )


def _read_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
