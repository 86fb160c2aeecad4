"""What matching costs: a repeated line once, an unwanted playlist nothing more, a misspelt word little."""

import random
import string
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA

from made_tracks import make_id
from segue.catalogue.match import match_playlist, matcher
from segue.catalogue.match.name_index import get_index
from segue.catalogue.match.spelling import CORRECTIONS, Speller
from segue.catalogue.store import Catalogue
from segue.errors import MatchingStoppedError
from segue.types import Playlist, Track, TrackReference


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    made = Catalogue.create(tmp_path / "made.sqlite")
    made.upsert(
        Track(make_id(number), name=f"Song {number} Hello", artists=("Adele",), popularity=number % 101)
        for number in range(300)
    )
    return made


def reference(number: int, source: str = "") -> TrackReference:
    return TrackReference(title=f"nowhere {number}", artist=f"nobody {number}", source=source)


def test_a_repeated_line_costs_once(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[TrackReference] = []
    inner = matcher.Matcher._match_batch

    def counted(self: matcher.Matcher, entries: Sequence[TrackReference]) -> matcher.Found:
        looked_at.extend(entries)
        return inner(self, entries)

    monkeypatch.setattr(matcher.Matcher, "_match_batch", counted)
    texts = ["Helo - Adele", "HELO - adele", "helo  -  Adele"]
    entries = tuple(
        TrackReference(title=text.split(" - ")[0].strip(), artist="Adele", source=f"line {line}")
        for line, text in enumerate(texts * 50)
    )
    matches = match_playlist(catalogue, Playlist(entries))
    assert len(looked_at) == 1
    assert [match.reference for match in matches] == list(entries), "each keeps its own line"
    assert len({(match.track, match.closest) for match in matches if match.track}) <= 1


def test_work_that_nobody_wants_stops(catalogue: Catalogue) -> None:
    asked = count()
    progress: list[tuple[int, int]] = []
    playlist = Playlist(tuple(map(reference, range(10 * matcher.BATCH))))
    with pytest.raises(MatchingStoppedError, match=r"after 800 of 4,000"):
        match_playlist(
            catalogue,
            playlist,
            should_stop=lambda: next(asked) >= 2,
            progress=lambda done, total: progress.append((done, total)),
        )
    assert progress == [(400, 4_000), (800, 4_000)]


def test_the_words_are_read_again_when_the_catalogue_has_changed(catalogue: Catalogue) -> None:
    before = get_index(catalogue)
    assert get_index(catalogue) is before
    wanted = Playlist((TrackReference(title="Quicksilvr Moon", artist="Zebulon"),))
    assert match_playlist(catalogue, wanted)[0].track is None
    catalogue.upsert([Track(make_id(999), name="Quicksilver Moon", artists=("Zebulon",))])
    assert get_index(catalogue) is not before
    found = match_playlist(catalogue, wanted)[0].track
    assert found is not None
    assert found.track_id == make_id(999)


def slow_corrections(counts: dict[str, int], word: str, away: int) -> set[str]:
    """Return every word near enough, by comparing with all."""
    return {
        other
        for other in counts
        if len(other) >= 3
        and (other[0] == word[0] or other[-1] == word[-1])
        and OSA.distance(word, other) <= away
    }


@pytest.mark.parametrize("alphabet", ["abc", string.ascii_lowercase[:8], "aàβц猫"])
def test_corrections_are_those_of_comparing_with_every_word(alphabet: str) -> None:
    rng = random.Random(3)
    words = {"".join(rng.choice(alphabet) for _ in range(rng.randint(3, 11))) for _ in range(1_500)}
    counts = {word: rng.randint(1, 50) for word in sorted(words)}
    asked = [
        word
        for _ in range(400)
        if (word := "".join(rng.choice(alphabet) for _ in range(rng.randint(4, 11)))) not in counts
    ]
    speller = Speller(counts)
    near_words, far_words = speller.correct(asked), speller.correct_far(asked)
    checked = [(word, 1, near_words) for word in asked] + [(w, 2, far_words) for w in asked if len(w) >= 8]
    for word, away, found in checked:
        near = slow_corrections(counts, word, away)
        assert set(found[word]) <= near, word
        assert len(found[word]) == min(CORRECTIONS, len(near)), word
        if near:  # none that was left out is nearer than one that was taken
            nearest = min(OSA.distance(word, other) for other in near)
            assert OSA.distance(word, found[word][0]) == nearest


def test_odd_words_are_no_trouble() -> None:
    speller = Speller({"hello": 3, "x" * 400: 1})
    assert speller.correct(["helo", "x" * 399, "zz", "y" * 900]) == {
        "helo": ("hello",), "x" * 399: ("x" * 400,), "zz": (), "y" * 900: (),
    }  # fmt: skip
    assert speller.correct_far(["x" * 398, "y" * 900]) == {"x" * 398: ("x" * 400,), "y" * 900: ()}
    nothing = {"helloo": (), "somewhere": ()}
    assert Speller({}).correct(list(nothing)) == Speller({}).correct_far(list(nothing)) == nothing
