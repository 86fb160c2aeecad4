"""Training from end to end: two towers, a ranker, a bundle.

1. The towers learn from most lists; a part is held back.
2. The ranker learns from the held-back lists, over what those towers retrieve. They are exported first and
   run by ONNX Runtime, so that the ranker sees in training exactly what it will see when it serves.
3. The towers go on learning, from all lists, and are exported for good.

Each stage leaves its result in the work folder, and the towers do so every few hundred steps: a run that was
interrupted goes on from there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import keras
import numpy as np
from numpy.typing import NDArray

from segue.catalogue.store import Columns
from segue.errors import TrainingError
from segue.index.exact import ExactIndex
from segue.model.bundle import Bundle, save_bundle
from segue.model.encoder import Encoder
from segue.model.preprocessing import Vocabulary
from segue.recommend.pair_features import pair_names
from segue.recommend.track_arrays import (
    Tables,
    build_arrays,
    find_profile,
    find_sound,
    make_tables,
    number_groups,
)
from segue.training import export, ranking
from segue.training.checkpoint import Checkpoints
from segue.training.cooccurrence import Learned, count_lists, find_pairs, learn
from segue.training.examples import MIN_TRACKS, Sampler
from segue.training.quantiles import find_knots
from segue.training.ranker_network import Pairs
from segue.training.retrieval import FitState, Schedule, Towers
from segue.training.topk import topk_accuracy
from segue.training.towers import AudioFeatures, CandidateTower, QueryTower, TowerShape

HELD_BACK = 0.22  # of the lists, for the ranker
MIN_LISTS = 50
MIN_ARTIST_COUNT, MIN_TRACK_COUNT = 3, 2
MAX_RANKED_LISTS = 800
NEGATIVE_SHARE = 0.4  # of the candidates that do not follow, for the ranker


@dataclass(frozen=True, slots=True)
class TrainingList:
    """A playlist to learn from: the rows of its tracks, distinct, and the hash of its id."""

    rows: NDArray[np.int64]
    list_hash: int


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How to train.

    Attributes
    ----------
    name
        The name in the manifest.
    audio_only
        Whether the model sees audio features alone.
    rng
        The number that all randomness depends on.
    schedule
        Of the first fit of the towers; they then go on for `more_steps`.
    n_candidates
        What the towers give the ranker to learn from, for each list.

    """

    name: str = "full"
    audio_only: bool = False
    rng: int = 0
    shape: TowerShape = field(default_factory=TowerShape)
    schedule: Schedule = field(default_factory=Schedule)
    more_steps: int = 1_500
    ranker_rounds: int = 200
    n_candidates: int = 1_200

    @classmethod
    def of(cls, kind: str, *, rng: int) -> Self:
        """Return the settings of a built-in kind, "full" or "audio".

        Without artists and ids, telling near values apart is what the audio model lives by: it gets waves
        and a larger trunk.
        """
        if kind == "audio":
            shape = TowerShape(hidden=256, blocks=2, waves=4)
            return cls(name=kind, audio_only=True, rng=rng, shape=shape, schedule=Schedule(steps=4_000))
        # Learned tables can learn the lists by heart: dropout, and no more steps than help on others.
        return cls(name=kind, rng=rng, schedule=Schedule(steps=4_000, dropout=0.25), more_steps=1_200)


Report = Callable[[str, Mapping[str, float]], None]


def train(
    columns: Columns,
    lists: Sequence[TrainingList],
    settings: TrainingSettings,
    *,
    out: Path,
    report: Report,
) -> Bundle:
    """Train a bundle.

    Parameters
    ----------
    columns
        The catalogue, its gaps filled (a gap would tell the source of a track).
    lists
        Playlists; those with fewer than 10 tracks are left out.
    settings
        How to train.
    out
        The folder of the bundle; work in progress lies in `work/` inside it until the bundle is done.
    report
        Called with the stage and its figures: progress, loss, accuracy.

    Raises
    ------
    TrainingError
        When fewer than 50 lists can be used, or a loss is not finite.

    """
    usable = [each for each in lists if len(each.rows) >= MIN_TRACKS]
    if len(usable) < MIN_LISTS:
        raise TrainingError(
            f"expected at least {MIN_LISTS} playlists with {MIN_TRACKS} or more tracks of the catalogue, "
            f"got {len(usable)} of {len(lists)}",
            hint="Give more playlists, or import their tracks into the catalogue first.",
        )
    return _Training(columns, usable, settings, out, report).run()


class _Training:
    """One run: its data, prepared once, and its stages."""

    def __init__(
        self,
        columns: Columns,
        lists: Sequence[TrainingList],
        settings: TrainingSettings,
        out: Path,
        report: Report,
    ) -> None:
        self.columns, self.settings, self.out, self.report = columns, settings, out, report
        order = np.random.default_rng(settings.rng).permutation(len(lists))
        # Sorted by hash first, so that the order in which the lists came does not matter.
        ordered = sorted(lists, key=lambda each: (each.list_hash, len(each.rows)))
        shuffled = [ordered[place] for place in order]
        held = min(round(HELD_BACK * len(lists)), MAX_RANKED_LISTS)
        self.held_back = [each.rows for each in shuffled[:held]]
        self.first_part = [each.rows for each in shuffled[held:]]
        self.all_lists = [each.rows for each in shuffled]
        self.list_hashes = np.unique(np.array([each.list_hash for each in lists], np.uint64))
        told = {**asdict(settings), "lists": len(lists), "tracks": len(columns.year)}
        del told["name"]  # the result does not depend on it: another name goes on with the same work
        self.checkpoints = Checkpoints(out / "work", told)
        self.knots, self.scores = find_knots(columns.audio)
        self.vocabularies = self._find_vocabularies()
        self.towers = self._make_towers()

    def run(self) -> Bundle:
        schedule = self.settings.schedule
        self._fit_towers("towers", self.first_part, schedule)
        figures: dict[str, Any] = {"retrieval": self._measure_retrieval()}
        draft = self._save(self.out / "work" / "draft", self.first_part, b"", figures)
        ranker, figures["ranking"] = self._fit_ranker(draft)
        more = replace(schedule, steps=self.settings.more_steps, rate=schedule.rate / 2, warmup=100)
        if more.steps:
            self._fit_towers("towers, all lists", self.all_lists, more)
        bundle = self._save(self.out, self.all_lists, ranker, figures)
        self.checkpoints.clear()
        return bundle

    # -- the towers -----------------------------------------------------------------------------------------

    def _find_vocabularies(self) -> dict[str, NDArray[np.uint64]]:
        """Return the hashes that get a row in the learned tables: those that stand in enough lists."""
        if self.settings.audio_only:
            return {}
        least = {
            "tower_artists": (self.columns.artist_hash, MIN_ARTIST_COUNT),
            "tower_tracks": (self.columns.track_hash, MIN_TRACK_COUNT),
            "tower_songs": (self.columns.song_hash, MIN_TRACK_COUNT),
        }
        found = {}
        for name, (hashes, count) in least.items():
            known, counts = count_lists(hashes, self.all_lists)
            found[name] = known[counts >= count]
        return found

    def _make_towers(self) -> Towers:
        keras.utils.set_random_seed(self.settings.rng)
        sizes = {name.removeprefix("tower_"): len(hashes) for name, hashes in self.vocabularies.items()}
        shape = replace(self.settings.shape, **sizes)
        columns = self.columns
        catalogue: dict[str, NDArray[Any]] = {"audio": columns.audio}
        if not self.settings.audio_only:
            sound = find_sound(columns.audio, self.knots, self.scores)
            catalogue |= {
                "year": columns.year,
                "profile": find_profile(sound, columns.year, number_groups(columns.artist_hash)),
                "artist": Vocabulary(self.vocabularies["tower_artists"]).find(columns.artist_hash),
                "track": Vocabulary(self.vocabularies["tower_tracks"]).find(columns.track_hash),
                "song": Vocabulary(self.vocabularies["tower_songs"]).find(columns.song_hash),
            }
        features = AudioFeatures(self.knots, self.scores, bins=shape.bins, waves=shape.waves)
        return Towers(features, CandidateTower(shape), QueryTower(shape), catalogue)

    def _fit_towers(self, stage: str, lists: Sequence[NDArray[np.int64]], schedule: Schedule) -> None:
        sampler = Sampler(lists, len(self.columns.year), self.settings.rng)

        def note(state: FitState) -> None:
            self.report(stage, {"step": state.step, "of": schedule.steps, "loss": state.loss})
            if state.step % 500 == 0 or state.step == schedule.steps:
                self.checkpoints.save(stage, state)
            if state.step % 2_000 == 0 and state.step < schedule.steps:
                self._measure_retrieval()

        state = self.checkpoints.load(stage, self.towers.variables)
        if state is None or state.step < schedule.steps:
            self.towers.fit(sampler, schedule, state=state, report=note)

    def _measure_retrieval(self) -> dict[str, float]:
        """Return how often a held-back track is among the first k of the whole catalogue."""
        questions = ranking.ask(self.held_back[:100], np.random.default_rng(self.settings.rng))
        embeddings, bias = self.towers.embed_catalogue()
        queries = self.towers.embed_queries([each.seeds for each in questions])
        figures = topk_accuracy(ExactIndex(embeddings, bias), queries * self.towers.temperature, questions)
        self.report("accuracy on held-back lists", figures)
        return figures

    # -- the ranker -----------------------------------------------------------------------------------------

    def _fit_ranker(self, draft: Bundle) -> tuple[bytes, dict[str, float]]:
        kept = self.checkpoints.load_bytes("ranker.onnx")
        if kept is not None:
            return kept, json.loads(self.checkpoints.load_bytes("ranker.json") or b"{}")
        encoder = Encoder(draft)
        tables = make_tables(build_arrays(self.columns, encoder, progress=self._progress("embedding")), draft)
        rng = np.random.default_rng(self.settings.rng)
        parts = len(self.held_back) * 9 // 10  # the last tenth measures the loss
        pairs = [
            self._gather(tables, encoder, ranking.ask(own, rng, halves=halves), share, rng)
            for own, halves, share in (
                (self.held_back[:parts], 2, NEGATIVE_SHARE),
                (self.held_back[parts:], 1, 1.0),
            )
        ]
        ranker, figures = ranking.fit(
            *pairs,
            rng=self.settings.rng,
            rounds=self.settings.ranker_rounds,
            report=lambda each: self.report("ranker", each),
        )
        self.checkpoints.save_bytes("ranker.json", json.dumps(figures).encode())
        self.checkpoints.save_bytes("ranker.onnx", ranker)
        return ranker, figures

    def _gather(
        self,
        tables: Tables,
        encoder: Encoder,
        questions: list[ranking.Question],
        share: float,
        rng: np.random.Generator,
    ) -> Pairs:
        queries = encoder.embed_queries([tables.inputs.take(each.seeds) for each in questions])
        return ranking.gather_pairs(
            tables,
            questions,
            queries,
            n_candidates=self.settings.n_candidates,
            share=share,
            rng=rng,
            progress=self._progress("retrieving"),
        )

    def _progress(self, stage: str) -> Callable[[int, int], None]:
        return lambda done, total: self.report(stage, {"step": done, "of": total})

    # -- the bundle -----------------------------------------------------------------------------------------

    def _save(
        self, folder: Path, lists: Sequence[NDArray[np.int64]], ranker: bytes, figures: Mapping[str, Any]
    ) -> Bundle:
        arrays: dict[str, NDArray[Any]] = {
            "sound_knots": self.knots,
            "sound_scores": self.scores,
            "trained_lists": self.list_hashes,
            **self.vocabularies,
        }
        if not self.settings.audio_only:
            arrays |= self._learn(lists)
        parts = {f"{name}.npy": export.to_npy(values) for name, values in arrays.items()}
        parts["candidate_tower.onnx"] = export.export_candidate(self.towers)
        parts["query_tower.onnx"] = export.export_query(self.towers)
        if ranker:
            parts["ranker.onnx"] = ranker
        manifest = {
            "name": self.settings.name,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "dimensions": self.settings.shape.dimensions,
            "temperature": self.towers.temperature,
            "vocabulary": {name: len(hashes) for name, hashes in self.vocabularies.items()},
            "training": {
                "lists": len(lists),
                "tracks_in_lists": len(np.unique(np.concatenate(list(lists)))),
                "catalogue": len(self.columns.year),
                "settings": asdict(self.settings),
            },
            "metrics": figures,
        }
        names = pair_names(knows_lists=not self.settings.audio_only) if ranker else ()
        save_bundle(folder, manifest, parts, pair_features=names)
        return Bundle.open(folder)

    def _learn(self, lists: Sequence[NDArray[np.int64]]) -> dict[str, NDArray[Any]]:
        columns, rng = self.columns, self.settings.rng
        song_key = np.where(columns.song_hash != 0, columns.song_hash, columns.track_hash)
        songs: Learned = learn(song_key, lists, rng=rng)
        artists: Learned = learn(columns.artist_hash, lists, rng=rng)
        tracks, counts = count_lists(columns.track_hash, lists)
        return {
            "factor_songs": songs.hashes,
            "song_factors": songs.factors,
            "counts_song": songs.counts,
            "factor_artists": artists.hashes,
            "artist_factors": artists.factors,
            "counts_artist": artists.counts,
            "listed_pairs": find_pairs(song_key, lists),
            "counted_tracks": tracks,
            "counts_track": (counts * (3_000 / len(lists))).astype(np.float32),
        }
