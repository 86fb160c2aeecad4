r"""The Python API: read a playlist, open a recommender, get a new playlist.

>>> import segue
>>> playlist = segue.read_playlist("Muse - Starlight\nMetallica - Enter Sandman")
>>> with segue.Recommender.open() as recommender:
...     result = recommender.recommend(playlist, n=10)
>>> len(result.tracks)
10
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from segue.app import Asked, Ports, Source, continue_playlist, find_source, match, open_services, read_source
from segue.catalogue.decisions import Decisions
from segue.catalogue.in_use import find_catalogue
from segue.config import load_settings
from segue.controls import Controls
from segue.errors import InputError, NoUsableSeeds
from segue.ids import find_track_id
from segue.playlists.read import read_playlist as read_bytes
from segue.recommend import flow
from segue.recommend.flow import Progress
from segue.result import Result
from segue.services.protocol import MusicService
from segue.text.strings import clean, list_some
from segue.types import Match, Playlist, Track, TrackReference

Given = Playlist | Iterable[str | TrackReference]


def read_playlist(given: str | Path | bytes | Sequence[str | TrackReference]) -> Playlist:
    """Read a playlist from a file, from text, or from lines.

    Parameters
    ----------
    given
        The path of a file; text or bytes in any format that segue reads; or lines: ids, links,
        "Artist - Title", or `TrackReference`s.

    Raises
    ------
    InputError
        When it is no playlist, or holds no tracks.

    Examples
    --------
    >>> [str(entry) for entry in read_playlist(["Muse - Starlight", "Air - La femme d'argent"]).entries]
    ['Muse - Starlight', "Air - La femme d'argent"]

    """
    if isinstance(given, bytes):
        return read_bytes(given)
    if isinstance(given, str | Path):
        source = _find_source(given)
        return read_bytes(source.data, filename=source.filename)
    return _to_playlist(given)


class Recommender(flow.Recommender):
    """Answers queries over one catalogue with one model. Safe to use from many threads.

    Open it once and keep it: opening reads the model and the catalogue's arrays. It is a context manager.
    """

    _services: tuple[MusicService, ...] = ()

    @classmethod
    def open(
        cls,
        catalogue: str | Path | None = None,
        model: str | Path = "full",
        *,
        progress: Progress | None = None,
        threads: int | None = None,
    ) -> Self:
        """Open a catalogue and a model.

        Parameters
        ----------
        catalogue
            The path of a catalogue; None for the one in use, which is the starter until another is chosen.
        model
            "full", "audio", or the folder of a bundle.
        progress
            Called with (tracks done, tracks in all) while the catalogue is embedded, the first time only.
        threads
            Threads of one model run; None for one a core.

        Raises
        ------
        CatalogueError, BundleError
            When one of the two cannot be used.

        """
        settings = load_settings()
        path = find_catalogue(settings) if catalogue is None else Path(catalogue)
        opened = cls.open_files(
            path, model, progress=progress, threads=threads, spare=settings.data_dir / "embedded"
        )
        opened._services = open_services(settings)
        opened.decisions = Decisions(settings.decisions_file)
        return opened

    def recommend(
        self,
        seeds: Given,
        n: int = 50,
        controls: Controls | Mapping[str, Any] | None = None,
        *,
        explain_scores: bool = False,
        exclude: "Playlist | str | Path | bytes | Iterable[Playlist | str | Path | bytes]" = (),
    ) -> Result:
        """Return a new playlist of up to n tracks.

        Parameters
        ----------
        seeds
            A playlist from `read_playlist`, or track ids or URIs. Repeated ones count once; of more than 500,
            500 evenly spaced ones are listened to, and still none comes back.
        n
            1 to 1,000. Fewer come back only when the controls leave fewer, which a note says.
        controls
            What the listener asks for besides: `Controls`, or a mapping of its fields; None for the defaults.
        explain_scores
            Fill in each pick's `makeup`: which sources found it, and what each group of features adds to its
            ranking score. Takes several times as long.
        exclude
            Playlists of which nothing may be picked, in no version: one or several, each as `read` takes it.

        Raises
        ------
        InputError
            When a playlist to exclude cannot be read.
        NoUsableSeeds
            When the catalogue holds none of the seeds.
        NothingFitsError
            When no track meets all the controls.
        InvalidControlsError
            When `n` or a control is out of its range.

        Examples
        --------
        >>> with Recommender.open() as recommender:
        ...     recommender.recommend(["no such id"])
        Traceback (most recent call last):
        segue.errors.NoUsableSeeds: none of the 1 songs is in the catalogue (33,826 tracks): no such id

        """
        playlist = _to_playlist(seeds)
        if not playlist.entries:
            raise NoUsableSeeds("expected at least one seed, got none", hint="Give track ids, or a playlist.")
        lists = (exclude,) if isinstance(exclude, Playlist | str | Path | bytes) else exclude
        asked = Asked(n, Controls.of(controls), explain_scores, tuple(map(_to_source, lists)))
        return Result.of(continue_playlist(Source(playlist=playlist), asked, Ports(self, self._services)))

    def read(self, given: str | Path | bytes) -> Playlist:
        """Read a playlist as `read_playlist` does, and follow a link into a service that one is signed in to.

        Raises
        ------
        InputError
            When it is no playlist.
        ServiceError
            When a link cannot be read; the hint names every way round.

        """
        return read_source(_to_source(given), Ports(self, self._services)).playlist

    def match(self, entries: Given) -> tuple[Match, ...]:
        """Find each entry of a playlist in the catalogue: by id, ISRC, artist and title, and likeness.

        Raises
        ------
        InputError
            When it is a bare text: read it with `read_playlist`.

        """
        reading = read_source(Source(playlist=_to_playlist(entries)), Ports(self, self._services))
        return match(reading.playlist, self)

    def search(self, text: str, n: int = 20) -> list[Track]:
        """Return up to n tracks whose title or artist begin with the words of a text, most popular first."""
        return self.catalogue.search(text, limit=n)

    def embed(self, track_ids: Sequence[str]) -> NDArray[np.float32]:
        """Return what the candidate tower gives for tracks of the catalogue, (n, D), of unit length.

        Raises
        ------
        InputError
            When the catalogue lacks one of them.

        """
        rows = self.find_rows(track_ids)
        missing = [track_id for track_id, row in zip(track_ids, rows.tolist(), strict=True) if row < 0]
        if missing:
            raise InputError(
                f"the catalogue ({len(self.tables):,} tracks) lacks {list_some(missing)}",
                hint="Leave these out.",
            )
        return self.tables.embeddings[rows]


def _to_source(given: Playlist | str | Path | bytes) -> Source:
    if isinstance(given, Playlist):
        return Source(playlist=given)
    return Source(given) if isinstance(given, bytes) else _find_source(given)


def _find_source(given: str | Path) -> Source:
    """Return what a text or a path stands for; a text of several lines is never a path."""
    text = str(given)
    return Source(text.encode()) if "\n" in text else find_source([text], bytes)


def _to_playlist(given: Given) -> Playlist:
    if isinstance(given, Playlist):
        return given
    if isinstance(given, str | bytes):
        raise InputError(
            f"expected a playlist or a list of track ids, got the text {given!r}",
            hint="Read it first: segue.read_playlist(text)",
        )
    entries: list[TrackReference] = []
    for each in given:
        if isinstance(each, TrackReference):
            entries.append(each)
        else:
            entries.extend(_read_line(each))
    return Playlist(tuple(entries))


def _read_line(line: str) -> Sequence[TrackReference]:
    """Read one line; what is neither a link nor has a dash stands as it is: a title, an artist."""
    found = find_track_id(line)
    if found:
        return [TrackReference(track_id=found)]
    if " - " not in line and "://" not in line:
        return [TrackReference(title=clean(line))]
    return read_bytes(line.encode()).entries
