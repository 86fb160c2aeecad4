"""The whole flow: seeds in, picks out."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from segue.array_cache import find_kept, folder_for, keep, key_for
from segue.catalogue.decisions import Decisions
from segue.catalogue.store import Catalogue
from segue.controls import Controls, check_n
from segue.errors import InvalidControlsError, NoUsableSeeds
from segue.ids import find_track_id
from segue.index.exact import ExactIndex
from segue.index.protocol import Index, Scan
from segue.model.bundle import Bundle
from segue.model.encoder import Encoder
from segue.recommend.candidates import SOURCES, find_candidates, start_lookup
from segue.recommend.explain import Explainer
from segue.recommend.filters import allow
from segue.recommend.order import order_smoothly
from segue.recommend.pair_features import Seeds, pair_features, pair_names
from segue.recommend.rescore import steer
from segue.recommend.score_makeup import Ranker, make_up
from segue.recommend.select import pick
from segue.recommend.sources.protocol import CandidateSource
from segue.recommend.track_arrays import Floats, Tables, build_arrays, expected_arrays, make_tables
from segue.text.song_keys import artist_key, hash64
from segue.text.strings import list_some
from segue.types import Recommendation, Result, ScoreMakeup

N_CANDIDATES = 800  # from the towers; with the other sources it becomes about 1,300
POOL_PER_PICK = 2  # of a long list, the towers give this many candidates a pick
MAX_SEEDS = 500  # of more, evenly spaced ones are used
_BATCH = 16  # queries a matrix product, so that the scores of a batch stay small

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Picks:
    """What was chosen for one list, in playing order: rows of the catalogue and their scores, (n,) each.

    `makeup` holds what each ranking score is made of, when that was asked for.
    """

    rows: NDArray[np.int64]
    retrieval_scores: Floats
    ranking_scores: Floats
    makeup: tuple[ScoreMakeup, ...] = ()


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked for of every list alike."""

    n: int
    controls: Controls
    explain_scores: bool = False


class Recommender:
    """Answers queries over one catalogue with one model. Safe to use from many threads.

    Parameters
    ----------
    catalogue
        The tracks.
    encoder
        The model.
    progress
        Called with (tracks done, tracks in all) while the catalogue is embedded, the first time only.
    spare
        A folder for the computed arrays of a catalogue whose own folder cannot be written to.

    Attributes
    ----------
    decisions
        What a person decided that lines mean, which goes before all matching by name; None for nothing.

    """

    decisions: Decisions | None = None

    def __init__(
        self,
        catalogue: Catalogue,
        encoder: Encoder,
        *,
        progress: Progress | None = None,
        spare: Path | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.encoder = encoder
        self.revision = catalogue.revision
        self.tables = _load_tables(catalogue, encoder, spare, progress)
        encoder.check_pair_features(pair_names(knows_lists=self.tables.knows_lists))
        self._index: Index = ExactIndex(self.tables.embeddings, self.tables.bias)
        self._sources: Sequence[CandidateSource] = SOURCES
        self._ranker: Ranker = encoder

    @classmethod
    def open_files(
        cls,
        catalogue: Path,
        model: str | Path,
        *,
        progress: Progress | None = None,
        threads: int | None = None,
        spare: Path | None = None,
    ) -> Self:
        """Open a catalogue and a model.

        Parameters
        ----------
        catalogue
            The path of a catalogue.
        model
            "full", "audio", or the folder of a bundle.
        progress
            Called with (tracks done, tracks in all) while the catalogue is embedded, the first time only.
        threads
            Threads of one model run; None for one a core.
        spare
            A folder for the computed arrays of a catalogue whose own folder cannot be written to.

        Raises
        ------
        CatalogueError, BundleError
            When one of the two cannot be used.

        """
        encoder = Encoder(Bundle.open(model), threads=threads)
        return cls(Catalogue.open(catalogue), encoder, progress=progress, spare=spare)

    def with_parts(
        self,
        *,
        index: Index | None = None,
        sources: Sequence[CandidateSource] | None = None,
        ranker: Ranker | None = None,
    ) -> Self:
        """Return a recommender over the same open catalogue with other parts; None leaves one as it is.

        The rest of the flow is the same, so that what a part is worth can be measured.
        """
        other = copy(self)
        other._index = index or self._index
        other._sources = self._sources if sources is None else sources
        other._ranker = ranker or self._ranker
        return other

    @property
    def model_name(self) -> str:
        """The name of the model."""
        return self.encoder.bundle.name

    def close(self) -> None:
        """Close the catalogue."""
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def recommend(
        self,
        seeds: Iterable[str],
        n: int = 50,
        controls: Controls | None = None,
        *,
        explain_scores: bool = False,
    ) -> Result:
        """Return a new playlist of up to n tracks for the seeds.

        Parameters
        ----------
        seeds
            Track ids or URIs. Repeated ones count once; of more than 500, 500 evenly spaced ones are listened
            to, and still none comes back.
        n
            1 to 1,000. Fewer come back only when the controls leave fewer.
        controls
            What the listener asks for besides; None for the defaults.
        explain_scores
            Also tell what each ranking score is made of, in `Recommendation.makeup`. It speaks of the ranking
            score; targets and adventurousness act after it.

        Raises
        ------
        NoUsableSeeds
            When the catalogue holds none of the seeds.
        InvalidControlsError
            When `n` or a control is out of its range.

        """
        return self.recommend_many([seeds], n, controls, explain_scores=explain_scores)[0]

    def recommend_many(
        self,
        lists: Iterable[Iterable[str]],
        n: int = 50,
        controls: Controls | None = None,
        *,
        explain_scores: bool = False,
        owned: Sequence[Sequence[str]] = (),
    ) -> list[Result]:
        """Return a new playlist for each list of seeds; the same as `recommend` for each, but quicker.

        Parameters
        ----------
        lists, n, controls, explain_scores
            As `recommend` takes them.
        owned
            For each list ids of further tracks that must not be picked, or nothing at all.

        Raises
        ------
        NoUsableSeeds, InvalidControlsError
            As `recommend` does, for the first list that cannot be answered.

        """
        request = _Request(n, controls or Controls(), explain_scores)
        return [
            self._explain(seeds, picks, unmatched)
            for seeds, unmatched, picks in self._iter_picks(lists, request, owned)
        ]

    def pick_many(
        self, lists: Iterable[Iterable[str]], n: int = 50, controls: Controls | None = None
    ) -> list[Picks]:
        """Return the rows that `recommend_many` would, without tracks and reasons, which cost half its time.

        Raises
        ------
        NoUsableSeeds, InvalidControlsError
            As `recommend` does.

        """
        return [picks for _, _, picks in self._iter_picks(lists, _Request(n, controls or Controls()))]

    def _iter_picks(
        self, lists: Iterable[Iterable[str]], request: _Request, owned: Sequence[Sequence[str]] = ()
    ) -> Iterator[tuple[Seeds, tuple[str, ...], Picks]]:
        """Give the seeds, those that are unknown, and the picks of each list; a batch shares one product."""
        check_n(request.n)
        found = [self._find_seeds(_clean(seeds)) for seeds in lists]
        excluded = [self._known_rows(ids) for ids in owned] or [[] for _ in found]
        for start in range(0, len(found), _BATCH):
            batch = list(zip(found, excluded, strict=True))[start : start + _BATCH]
            used = [_spread(rows) for (rows, _), _ in batch]
            queries = self.encoder.embed_queries([self.tables.inputs.take(rows) for rows in used])
            scans = self._index.scan(queries * np.float32(self.tables.temperature))
            for each, rows, query, scan in zip(batch, used, queries, scans, strict=True):
                (given, unmatched), not_these = each
                seeds = Seeds(rows, query, given)
                yield seeds, unmatched, self._pick(seeds, scan, request, not_these)

    def _pick(self, seeds: Seeds, scan: Scan, request: _Request, excluded: Sequence[int]) -> Picks:
        """Go from one query, laid over the index, to its picks."""
        n, controls = request.n, request.controls
        not_these = [*self._excluded_rows(controls), *excluded]
        allowed = allow(self.tables, seeds.all_rows, controls, not_these)
        lookup = start_lookup(self.tables, seeds, scan, allowed)
        n_pool = max(N_CANDIDATES, POOL_PER_PICK * n)
        while True:
            candidates = find_candidates(lookup, n_pool, self._sources)
            if not len(candidates.rows):
                break
            names, pairs = pair_features(self.tables, seeds, candidates.rows, candidates.scores)
            ranking = self._ranker.rank(pairs, names)
            chosen = steer(self.tables, candidates, ranking, seeds=seeds.all_rows, controls=controls)
            picks = pick(
                self.tables,
                candidates.rows,
                np.argsort(-chosen, kind="stable"),
                n=n,
                controls=controls,
            )
            if len(picks) == n or n_pool >= len(self.tables):
                break
            n_pool *= 4  # the controls took too many: look further down
        if not len(candidates.rows):
            nothing = np.empty(0, dtype=np.float32)
            return Picks(candidates.rows, nothing, nothing)
        if controls.order == "smooth" and len(picks) > 2:
            picks = picks[self._smooth(seeds, candidates.rows[picks])]
        makeup: tuple[ScoreMakeup, ...] = ()
        if request.explain_scores:
            knows_lists = self.tables.knows_lists
            makeup = make_up(self._ranker, candidates, pairs, chosen=picks, knows_lists=knows_lists)
        return Picks(candidates.rows[picks], candidates.scores[picks], ranking[picks], makeup)

    def _smooth(self, seeds: Seeds, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Order picks so that they flow, from the one that sounds nearest to the seeds on."""
        sound = self.tables.sound
        away = sound[rows] - sound[seeds.rows].mean(axis=0)  # (n, 10)
        return order_smoothly(self.tables.inputs.audio[rows], first=int((away**2).sum(axis=1).argmin()))

    def _explain(self, seeds: Seeds, picks: Picks, unmatched: tuple[str, ...]) -> Result:
        rows = picks.rows
        wanted = np.concatenate([seeds.rows, rows])
        wanted = np.union1d(wanted, self.tables.first_release[wanted])
        tracks = dict(zip(wanted.tolist(), self.catalogue.get_tracks(wanted.tolist()), strict=True))
        reasons = Explainer(self.tables, seeds, tracks).explain(rows)
        recommendations = tuple(
            Recommendation(
                tracks[row], float(score), float(rank), why, makeup, None if math.isnan(year) else int(year)
            )
            for row, year, score, rank, why, makeup in zip(
                rows.tolist(),
                self.tables.song_year[rows].tolist(),
                picks.retrieval_scores,
                picks.ranking_scores,
                reasons,
                picks.makeup or [None] * len(rows),
                strict=True,
            )
        )
        return Result(recommendations, unmatched, tuple(tracks[row] for row in seeds.rows.tolist()))

    def _find_seeds(self, seeds: tuple[str, ...]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Return the rows of the seeds, and those that the catalogue does not hold."""
        rows = self.find_rows(seeds)
        unmatched = tuple(seed for seed, row in zip(seeds, rows.tolist(), strict=True) if row < 0)
        known = rows[rows >= 0]
        if not len(known):
            raise NoUsableSeeds(
                f"the catalogue ({len(self.tables):,} tracks) holds none of these songs: {list_some(seeds)}"
                if seeds
                else "expected at least one seed, got none",
                seeds=seeds,
                hint="Use a larger catalogue (`segue catalogue import`) or other songs.",
            )
        return known, unmatched

    def _excluded_rows(self, controls: Controls) -> list[int]:
        """Return the rows of the excluded tracks, and of all that an excluded artist has any part in."""
        excluded = self._known_rows(controls.exclude_tracks)
        for name in controls.exclude_artists:
            excluded += self.find_by_artist(name)
        return excluded

    def _known_rows(self, track_ids: Sequence[str]) -> list[int]:
        rows = self.find_rows(track_ids)
        known: list[int] = rows[rows >= 0].tolist()
        return known

    def find_rows(self, track_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each id (S,), -1 for one that was not there when the catalogue was opened.

        An import may add to the file meanwhile: new tracks come last, and the tables do not know them.
        """
        rows = self.catalogue.find_rows(track_ids)
        return np.where(rows < len(self.tables), rows, -1)

    def find_by_artist(self, name: str) -> list[int]:
        """Return the rows of all tracks that an artist has any part in; none for a name that is not known."""
        key = artist_key(name)
        words = [[word] for word in key.split()]
        found = self.catalogue.find_rows_by_words(words, limit=len(self.tables)) if words else []
        return [
            row
            for row, track in zip(found, self.catalogue.get_tracks(found), strict=True)
            if row < len(self.tables) and any(artist_key(artist) == key for artist in track.artists)
        ]


def _clean(seeds: Iterable[str]) -> tuple[str, ...]:
    """Return the ids, each once, in their order; URIs and links become ids."""
    if isinstance(seeds, str):
        raise InvalidControlsError(
            f"seeds: expected a list of track ids, got the text {seeds!r}",
            hint="Put ids into a list; a text is read by `segue.read_playlist`.",
        )
    return tuple(dict.fromkeys(find_track_id(seed) or seed for seed in seeds))


def _spread(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at most 500 of the rows, evenly spaced."""
    if len(rows) <= MAX_SEEDS:
        return rows
    chosen: NDArray[np.int64] = rows[np.linspace(0, len(rows) - 1, MAX_SEEDS).round().astype(int)]
    return chosen


def _load_tables(
    catalogue: Catalogue, encoder: Encoder, spare: Path | None, progress: Progress | None
) -> Tables:
    """Take what is kept for this revision and bundle, or compute it and keep it."""
    key = key_for(catalogue.revision, encoder.bundle.key)
    expected = expected_arrays(len(catalogue), encoder.dimensions)
    folders = [folder_for(catalogue.path)]
    if spare is not None:
        folders.append(spare / f"{hash64(str(catalogue.path.absolute())):016x}")
    for folder in folders:
        arrays = find_kept(folder, key, expected)
        if arrays is not None:
            return make_tables(arrays, encoder.bundle)
    arrays = build_arrays(catalogue.load_columns(), encoder, progress=progress)
    for folder in folders:
        if keep(folder, key, arrays):
            break
    kept = find_kept(folder, key, expected)
    return make_tables(arrays if kept is None else kept, encoder.bundle)
