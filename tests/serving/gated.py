"""The real recommender behind a gate, so that a test decides when work goes on."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from segue.controls import Controls
from segue.recommender import Recommender
from segue.types import Result
from serving.fixtures import MODEL


class Gated(Recommender):
    """Waits at its gate; `entered` is released by each that arrives, `batches` holds how many each asked."""

    gate: threading.Event
    entered: threading.Semaphore
    batches: list[int]

    def recommend_many(
        self,
        lists: Iterable[Iterable[str]],
        n: int = 50,
        controls: Controls | None = None,
        *,
        explain_scores: bool = False,
        owned: Sequence[Sequence[str]] = (),
    ) -> list[Result]:
        """Wait for the gate, then answer."""
        asked = [list(seeds) for seeds in lists]
        self.batches.append(len(asked))
        self.entered.release()
        assert self.gate.wait(60)
        return super().recommend_many(asked, n, controls, explain_scores=explain_scores, owned=owned)


@pytest.fixture
def gated(starter: Path) -> Iterator[Gated]:
    """A recommender whose gate is shut; it opens at the end of the test."""
    opened = Gated.open(starter, MODEL)
    opened.gate, opened.entered, opened.batches = threading.Event(), threading.Semaphore(0), []
    yield opened
    opened.gate.set()
