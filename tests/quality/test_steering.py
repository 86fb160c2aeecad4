"""Adventurousness goes where it says on lists of every taste, and each pick has a reason that is true."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from segue.catalogue.import_ import import_files
from segue.catalogue.match import match_playlist
from segue.controls import Controls
from segue.features import AUDIO_NAMES
from segue.playlists.read import read_playlist
from segue.recommend.flow import Recommender
from segue.text.song_keys import artist_key
from segue.types import Reason, Result, Track

TASTES = Path(__file__).parents[2] / "benchmarks" / "tastes"
LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
LEAST_CHANGED = 5  # of 50 picks, from one half of the control to the other
SLACK = 4.0  # of popularity: from one quarter to the next it may rise a little where listing falls more
MODELS = ("full", "audio")


@dataclass(frozen=True, slots=True)
class Shown:
    """What one list of picks is like: songs in the lists of training, popularity, and the seeds' artists.

    A popularity that is not known counts as `middle`, that of the catalogue's middling track.
    """

    rows: frozenset[int]
    listed: float
    popularity: float
    own: int


def read_lists(recommender: Recommender) -> dict[str, list[str]]:
    """Return the seeds of each list that has some; of the longer ones also the first three alone."""
    lists = {}
    for path in sorted(TASTES.glob("*.txt")):
        found = match_playlist(recommender.catalogue, read_playlist(path.read_bytes()))
        seeds = [match.track.track_id for match in found if match.track]
        if seeds:
            lists[path.stem] = seeds
        if len(seeds) > 3:
            lists[f"{path.stem}, three"] = seeds[:3]
    return lists


def look(recommender: Recommender, seeds: list[str], level: float) -> Shown:
    tables = recommender.tables
    (picks,) = recommender.pick_many([seeds], 50, Controls(adventurousness=level))
    popularity = tables.popularity[picks.rows]
    known = tables.popularity[tables.popularity > 0]
    middle = float(np.median(known)) if len(known) else 50.0
    return Shown(
        frozenset(picks.rows.tolist()),
        float(tables.song_count[picks.rows].mean()),
        float(np.where(popularity > 0, popularity, middle).mean()),
        int(np.isin(tables.artist[picks.rows], tables.artist[recommender.find_rows(seeds)]).sum()),
    )


def check_direction(recommender: Recommender) -> None:
    lists = read_lists(recommender)
    assert len(lists) >= 30
    found = {name: [look(recommender, seeds, level) for level in LEVELS] for name, seeds in lists.items()}
    for name, shown in found.items():
        for less, more in itertools.pairwise(shown):
            assert more.listed <= less.listed + 0.02, (name, shown)
            assert more.popularity <= less.popularity + SLACK, (name, shown)
            assert more.own <= less.own, (name, shown)
        assert shown[-1].popularity < shown[0].popularity, (name, shown)
        for less, more in ((shown[0], shown[2]), (shown[2], shown[4])):
            assert len(more.rows - less.rows) >= LEAST_CHANGED, (name, shown)
    for field in ("listed", "popularity", "own"):
        means = np.mean([[getattr(each, field) for each in shown] for shown in found.values()], axis=0)
        assert (np.diff(means) <= 1e-6).all(), (field, means)
        assert means[-1] < means[0] or not means.any(), (field, means)


@pytest.fixture(scope="module", params=MODELS)
def on_starter(request: pytest.FixtureRequest, starter: Path) -> Iterator[Recommender]:
    with Recommender.open_files(starter, request.param) as opened:
        yield opened


@pytest.fixture(scope="module")
def everything(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    catalogue = tmp_path_factory.mktemp("everything") / "all.sqlite"
    import_files(catalogue, sorted(shared_data.glob("tracks*.parquet")))
    return catalogue


@pytest.fixture(scope="module", params=MODELS)
def on_everything(request: pytest.FixtureRequest, everything: Path) -> Iterator[Recommender]:
    with Recommender.open_files(everything, request.param) as opened:
        yield opened


def test_more_adventure_is_less_known_on_the_starter(on_starter: Recommender) -> None:
    check_direction(on_starter)


@pytest.mark.shared_data
def test_more_adventure_is_less_known_on_many_tracks(on_everything: Recommender) -> None:
    check_direction(on_everything)


# -- reasons ------------------------------------------------------------------------------------------------

LEVEL_WORDS = {
    "calm": "energy", "energetic": "energy", "dark": "valence", "bright": "valence",
    "acoustic": "acousticness", "danceable": "danceability", "instrumental": "instrumentalness",
}  # fmt: skip
DEGREES = {"about": 0.1, "roughly": 0.2}
SOUND = re.compile(r"(about|roughly) as (.+?) as ")


@dataclass(frozen=True, slots=True)
class Answer:
    """The picks for one list, with what the truth of their reasons depends on."""

    recommender: Recommender
    result: Result

    def audio(self, track_id: str) -> NDArray[np.float32]:
        (row,) = self.recommender.find_rows([track_id])
        audio: NDArray[np.float32] = self.recommender.tables.inputs.audio[row]
        return audio

    def check(self, pick: Track, reason: Reason) -> None:
        """Hold a reason to the numbers of the catalogue."""
        seeds = {seed.track_id: seed for seed in self.result.seeds}
        seed = seeds[reason.seeds[0]]
        mine, theirs = self.audio(pick.track_id), self.audio(seed.track_id)
        if reason.kind == "artist":
            assert artist_key(pick.artists[0]) == artist_key(seed.artists[0])
        elif reason.kind == "era":
            rows = self.recommender.find_rows([pick.track_id, seed.track_id])
            first, other = self.recommender.tables.song_year[rows].tolist()
            assert reason.text.startswith(f"from {first:.0f},")
            assert abs(first - other) <= 3
        elif reason.kind == "tempo":
            tempo = AUDIO_NAMES.index("tempo")
            assert abs(mine[tempo] / theirs[tempo] - 1) <= 0.02
        elif reason.kind in ("energy", "mood"):
            check_words(re.split(r" like ", reason.text)[0], mine, theirs, most=0.1)
        elif reason.kind == "sound" and (said := SOUND.match(reason.text)):
            check_words(said[2], mine, theirs, most=DEGREES[said[1]])
        elif reason.kind == "sound":
            assert reason.text.startswith("sung, like "), reason
            voice = AUDIO_NAMES.index("instrumentalness")
            assert max(mine[voice], theirs[voice]) <= 0.35
        else:
            assert reason.kind in ("listed_together", "scene"), reason


def check_words(words: str, mine: NDArray[np.float32], theirs: NDArray[np.float32], *, most: float) -> None:
    for word in re.split(r", | and ", words):
        if word in LEVEL_WORDS:
            place = AUDIO_NAMES.index(LEVEL_WORDS[word])
            assert abs(mine[place] - theirs[place]) <= most + 1e-6, (word, mine, theirs)
            assert (max(mine[place], theirs[place]) <= 0.35) == (word in ("calm", "dark")), word
        else:
            place = AUDIO_NAMES.index("loudness" if word in ("soft", "loud") else "tempo")
            assert word in ("soft", "loud", "slow", "fast")
            assert abs(mine[place] - theirs[place]) <= 8
            low = {"soft": -14, "slow": 95}.get(word)
            assert low is None or max(mine[place], theirs[place]) <= low


def test_every_pick_says_truly_what_is_shared(on_starter: Recommender) -> None:
    lists = read_lists(on_starter)
    for seeds in lists.values():
        answer = Answer(on_starter, on_starter.recommend(seeds, 50))
        for pick in answer.result.tracks:
            assert pick.reasons
            for reason in pick.reasons:
                answer.check(pick.track, reason)
