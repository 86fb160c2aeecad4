"""The recommender in service: a bounded queue in front of it, and another one in its place when asked.

Recommendations that wait together are worked out together, since reading the matrix of embeddings once serves
many queries. What does not fit the queue is refused at once: a client that is told "in a second" is better
off than one that waits for half a minute.
"""

import asyncio
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from segue.app import match
from segue.controls import Query
from segue.errors import CatalogueBusyError, SegueError
from segue.explore.profile import Facts
from segue.recommend.flow import Recommender
from segue.types import Match, Playlist, Result
from segue.web.lanes import Lane, Load
from segue.web.metrics import Metrics
from segue.web.options import ServeOptions
from segue.web.problems import AnswerTimeoutError, ServerBusyError

log = logging.getLogger("segue.web")
P = ParamSpec("P")
T = TypeVar("T")
LOOKUP_THREADS = 2
PLAYLIST_THREADS = 2
MAX_PLAYLISTS = 8  # large ones that are read and matched, or wait for it; each may take a while
REMOTE_THREADS = 4
MAX_REMOTE = 32  # requests that wait for a service on the network, which may be slow
OPENINGS = 3


class Generation:
    """One open recommender. It is closed when it has been replaced and its last user is done."""

    def __init__(self, recommender: Recommender, number: int) -> None:
        self.recommender = recommender
        self.number = number
        self.facts = Facts(recommender)
        self.size = len(recommender.tables)
        self._users = 0
        self._retired = False
        self._lock = threading.Lock()

    def acquire(self) -> bool:
        """Keep it open until `release`; False when it has been replaced already."""
        with self._lock:
            if not self._retired:
                self._users += 1
            return not self._retired

    def release(self) -> None:
        """Undo one `acquire`."""
        with self._lock:
            self._users -= 1
            last = self._retired and self._users == 0
        if last:
            self.recommender.close()

    def retire(self) -> None:
        """Close as soon as nobody uses it."""
        with self._lock:
            self._retired = True
            idle = self._users == 0
        if idle:
            self.recommender.close()


@dataclass(slots=True)
class _Job:
    query: Query
    future: "Future[Result]" = field(default_factory=Future)
    queued_at: float = field(default_factory=time.perf_counter)

    def fits(self, other: "_Job") -> bool:
        """Tell whether both can be worked out in one call."""
        return self.query.n == other.query.n and self.query.controls == other.query.controls


class Engine:
    """Runs recommendations and look-ups for a server.

    Parameters
    ----------
    open_recommender
        Opens the catalogue and model that are current; called at the start and on every reload.
    options, metrics
        Limits, and where to count.

    """

    def __init__(
        self, open_recommender: Callable[[], Recommender], options: ServeOptions, metrics: Metrics
    ) -> None:
        self._open = open_recommender
        self._options = options
        self._metrics = metrics
        self._jobs: deque[_Job] = deque()
        self._ready = threading.Condition()
        self._stopping = False
        self._working = 0
        patience_s = options.answer_timeout
        self._lookups = Lane(
            "lookup",
            Load("look-ups are waiting", LOOKUP_THREADS, options.queue_limit, patience_s, retry_after=1),
            metrics,
        )
        self._playlists = Lane(
            "playlist",
            Load(
                "playlists are being matched", PLAYLIST_THREADS, MAX_PLAYLISTS, options.match_timeout,
                hint="Send fewer entries at a time.", retry_after=30,
            ),
            metrics,
        )  # fmt: skip
        self._remotes = Lane(
            "remote",
            Load(
                "requests wait for a service on the network", REMOTE_THREADS, MAX_REMOTE, patience_s,
                hint="The service is slow: try again in a while.",
            ),
            metrics,
        )  # fmt: skip
        self._reload_lock = threading.Lock()
        self._generation: Generation | None = None
        self._threads: list[threading.Thread] = []
        self._describe()

    def _describe(self) -> None:
        metrics = self._metrics
        for name, text in (
            ("segue_http_requests_total", "Requests answered, by route and status."),
            ("segue_http_request_seconds", "Time from a request to the end of its answer."),
            ("segue_recommend_seconds", "Time to work out one batch of recommendations."),
            ("segue_recommend_wait_seconds", "Time that a recommendation waited in the queue."),
            ("segue_recommendations_total", "Recommendations worked out."),
            ("segue_batches_total", "Batches of recommendations worked out."),
            (
                "segue_shed_total",
                "Requests refused because the queue was full, or too many were under way.",
            ),
            ("segue_abandoned_total", "Requests whose client hung up before the answer."),
            ("segue_reloads_total", "Times the catalogue and model were replaced."),
            ("segue_queue_depth", "Recommendations that wait now."),
            ("segue_catalogue_tracks", "Tracks in the catalogue in service."),
            ("segue_generation", "How many recommenders this server has opened."),
            ("segue_resident_bytes", "Memory of this process."),
        ):
            metrics.describe(name, text)
        metrics.gauge("segue_queue_depth", lambda: float(len(self._jobs)))
        metrics.gauge("segue_catalogue_tracks", self._count_tracks)
        metrics.gauge("segue_generation", lambda: float(self._generation.number if self._generation else 0))
        metrics.gauge("segue_resident_bytes", _resident_bytes)

    def _count_tracks(self) -> float:
        return float(self._generation.size if self._generation else 0)

    # -- life ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the recommender and start the workers; a second call does nothing.

        Raises
        ------
        SegueError
            When the catalogue or the model cannot be opened.

        """
        if self._generation is not None:
            return
        self._generation = self._open_generation(1)
        for number in range(self._options.workers):
            thread = threading.Thread(target=self._work, name=f"segue-worker-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _open_generation(self, number: int) -> Generation:
        """Open the recommender, and the catalogue for as many threads as will read it at once.

        All of them see one state of the catalogue, also when its file is replaced meanwhile or later.
        """
        readers = LOOKUP_THREADS + PLAYLIST_THREADS + self._options.workers + 1  # one to spare
        for _ in range(OPENINGS):
            recommender = self._open()
            if recommender.catalogue.open_readers(readers) == {recommender.revision}:
                return Generation(recommender, number)
            recommender.close()
        raise CatalogueBusyError(
            "the catalogue changes faster than it can be opened", hint="Reload when the import is done."
        )

    def stop(self) -> None:
        """Finish what is under way, refuse what waits, and close."""
        lanes = (self._lookups, self._playlists, self._remotes)
        for lane in lanes:
            lane.refuse()
        with self._ready:
            self._stopping = True
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(self._options.answer_timeout)
        for job in self._jobs:
            job.future.set_exception(ServerBusyError("the server is stopping"))
        self._jobs.clear()
        for lane in lanes:
            lane.close()
        if self._generation is not None:
            self._generation.retire()

    @property
    def is_ready(self) -> bool:
        """Whether requests are answered: opened, and not about to stop."""
        return self._generation is not None and not self._stopping

    @contextmanager
    def held(self) -> Iterator[Generation]:
        """Use the generation in service; a reload meanwhile does not close it."""
        generation = self._current()
        while not generation.acquire():  # replaced between these two lines
            generation = self._current()
        try:
            yield generation
        finally:
            generation.release()

    def _current(self) -> Generation:
        if self._generation is None:
            raise ServerBusyError("the server is starting", retry_after=2)
        return self._generation

    @property
    def generation(self) -> int:
        """The number of the recommender in service, counted from 1."""
        return self._current().number

    @property
    def size(self) -> int:
        """How many tracks the catalogue in service has."""
        return self._current().size

    @property
    def is_full(self) -> bool:
        """Whether the queue holds no more recommendations."""
        return len(self._jobs) >= self._options.queue_limit

    @property
    def waiting(self) -> int:
        """How many recommendations wait in the queue."""
        return len(self._jobs)

    def reload(self) -> int:
        """Open the current catalogue and model, put them in service, and return their generation.

        What is under way finishes on the ones it started with. When opening fails, nothing changes.

        Raises
        ------
        SegueError
            When the new catalogue or model cannot be opened.

        """
        with self._reload_lock:
            old = self._current()
            fresh = self._open_generation(old.number + 1)
            self._generation = fresh
            old.retire()
            self._metrics.count("segue_reloads_total")
            log.info("reloaded: generation %d, %d tracks", fresh.number, fresh.size)
            return fresh.number

    # -- recommendations ----------------------------------------------------------------------------------

    async def recommend(self, query: Query) -> Result:
        """Return the picks for one query, in its turn.

        Raises
        ------
        ServerBusyError
            When the queue is full, or the answer took too long.
        NoUsableSeeds
            When the catalogue holds none of the seeds.

        """
        self._current()
        job = _Job(query)
        with self._ready:
            if self._stopping or self.is_full:
                self._metrics.count("segue_shed_total")
                raise ServerBusyError(
                    f"{len(self._jobs)} requests are waiting, and the queue holds no more",
                    hint="Try again in a second.",
                )
            self._jobs.append(job)
            self._ready.notify()
        try:
            async with asyncio.timeout(self._options.answer_timeout):
                return await asyncio.wrap_future(job.future)  # a cancelled wait cancels the job
        except TimeoutError as error:
            raise AnswerTimeoutError(
                f"no answer within {self._options.answer_timeout:g} seconds", retry_after=5
            ) from error

    def _take(self) -> list[_Job]:
        """Wait for work; return one job and those that can be worked out with it, none when stopping."""
        with self._ready:
            while not self._jobs and not self._stopping:
                self._ready.wait()
            batch: list[_Job] = []
            later: deque[_Job] = deque()
            share = -(-len(self._jobs) // self._options.workers)  # the other workers take as many
            while self._jobs and len(batch) < min(share, self._options.max_batch):
                job = self._jobs.popleft()
                if batch and not batch[0].fits(job):
                    later.append(job)
                elif job.future.set_running_or_notify_cancel():
                    batch.append(job)
                else:
                    self._metrics.count("segue_abandoned_total")
            self._jobs.extendleft(reversed(later))
            return batch

    def _work(self) -> None:
        while True:
            batch = self._take()
            if batch:
                self._run(batch)
            elif self._stopping:
                return

    def _run(self, batch: Sequence[_Job]) -> None:
        began = time.perf_counter()
        for job in batch:
            self._metrics.observe("segue_recommend_wait_seconds", began - job.queued_at)
        try:
            with self.held() as generation:
                results = self._recommend(generation.recommender, [job.query for job in batch])
        except SegueError as error:
            if len(batch) == 1:
                batch[0].future.set_exception(error)
            else:  # one of them cannot be used; the others do not suffer for it
                for job in batch:
                    self._run([job])
            return
        except Exception as error:
            log.exception("a recommendation failed")
            for job in batch:
                job.future.set_exception(error)
            return
        for job, result in zip(batch, results, strict=True):
            job.future.set_result(result)
        self._metrics.observe("segue_recommend_seconds", time.perf_counter() - began)
        self._metrics.count("segue_batches_total")
        self._metrics.count("segue_recommendations_total", len(batch))

    @staticmethod
    def _recommend(recommender: Recommender, queries: Sequence[Query]) -> Sequence[Result]:
        first = queries[0]
        return recommender.recommend_many(
            [query.seeds for query in queries],
            first.n,
            first.controls,
            owned=[query.owned for query in queries],
        )

    # -- other work -----------------------------------------------------------------------------------------

    async def look_up(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a search, a small match or the like. Raises `ServerBusyError` as all of these do."""
        return await self._lookups.run(work, *args, **kwargs)

    async def fetch(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what waits for a service on the network, which may be slow."""
        return await self._remotes.run(work, *args, **kwargs)

    async def handle_large(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what takes long for a large playlist."""
        return await self._playlists.run(work, *args, **kwargs)

    async def match(
        self, playlist: Playlist, *, progress: Callable[[int, int], None] = lambda _done, _total: None
    ) -> tuple[Match, ...]:
        """Return how each entry of a large playlist is found in the catalogue in service.

        When nobody waits for it any more, it stops within a batch.

        Parameters
        ----------
        playlist
            What to find.
        progress
            Told now and then, on another thread, how many distinct entries of how many are done.

        Raises
        ------
        ServerBusyError
            When too many playlists are waiting, or it took too long.

        """
        gone = threading.Event()
        try:
            return await self.handle_large(self._match, playlist, gone, progress)
        finally:
            gone.set()

    def _match(
        self, playlist: Playlist, gone: threading.Event, progress: Callable[[int, int], None]
    ) -> tuple[Match, ...]:
        with self.held() as generation:
            return match(
                playlist,
                generation.recommender,
                should_stop=lambda: gone.is_set() or self._stopping,
                progress=progress,
            )


def _resident_bytes() -> float:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - not a file of ours
            return float(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # not Linux
        return 0.0
