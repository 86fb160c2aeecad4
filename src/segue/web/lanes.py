"""Threads for one kind of work each, so that what is quick never waits behind what is slow."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

from segue.web.metrics import Metrics
from segue.web.problems import AnswerTimeoutError, ServerBusyError

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Load:
    """What one lane takes on.

    Attributes
    ----------
    what
        What is under way there, for the error of one too many: "look-ups are waiting".
    threads, most, patience_s
        How many run at once, how many may run or wait, and the seconds after which nobody waits any more.
    hint
        What to do when it took too long.
    retry_after
        Seconds after which one that was refused may come again.

    """

    what: str
    threads: int
    most: int
    patience_s: float
    hint: str = ""
    retry_after: int = 5


class Lane:
    """A bounded number of threads, and of what may wait for them."""

    def __init__(self, name: str, load: Load, metrics: Metrics) -> None:
        self._load = load
        self._metrics = metrics
        self._under_way = 0
        self._is_closed = False
        self._pool = ThreadPoolExecutor(load.threads, thread_name_prefix=f"segue-{name}")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run some work on a thread of this lane, in its turn.

        Raises
        ------
        ServerBusyError
            When too many are waiting, or it took too long.

        """
        load = self._load
        if self._under_way >= load.most or self._is_closed:
            self._metrics.count("segue_shed_total")
            raise ServerBusyError(
                f"{self._under_way} {load.what}, and no more may",
                retry_after=load.retry_after,
                hint="Try again in a few seconds.",
            )
        self._under_way += 1
        try:
            async with asyncio.timeout(load.patience_s):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._pool, partial(work, *args, **kwargs))
        except TimeoutError as error:
            raise AnswerTimeoutError(
                f"no answer within {load.patience_s:g} seconds", retry_after=load.retry_after, hint=load.hint
            ) from error
        finally:
            self._under_way -= 1

    def refuse(self) -> None:
        """Take on nothing more."""
        self._is_closed = True

    def close(self) -> None:
        """Finish what is under way, and drop what waits."""
        self.refuse()
        self._pool.shutdown(wait=True, cancel_futures=True)
