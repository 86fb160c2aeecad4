import asyncio
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from segue.catalogue.store import Catalogue
from segue.controls import Controls, Query
from segue.errors import NotACatalogueError, NoUsableSeeds
from segue.recommender import Recommender
from segue.types import Match, Playlist, Result, Track, TrackReference
from segue.web.engine import Engine
from segue.web.metrics import Metrics
from segue.web.options import ServeOptions
from segue.web.problems import AnswerTimeoutError, ServerBusyError
from serving import Running, wait_until
from serving.fixtures import MODEL, StartServer
from serving.gated import Gated

PLAIN = Controls()


def engine_of(recommender: Recommender, **options: int | float) -> Engine:
    engine = Engine(lambda: recommender, ServeOptions(**{"workers": 1, **options}), Metrics())  # type: ignore[arg-type]
    engine.start()
    return engine


def test_what_waits_together_is_worked_out_together(gated: Gated, some_ids: list[str]) -> None:
    engine = engine_of(gated, max_batch=4)

    async def ask() -> list[Result]:
        first = asyncio.create_task(engine.recommend(Query((some_ids[0],), 5, PLAIN)))
        await asyncio.to_thread(gated.entered.acquire)
        rest = [asyncio.create_task(engine.recommend(Query((seed,), 5, PLAIN))) for seed in some_ids[1:6]]
        other = asyncio.create_task(engine.recommend(Query((some_ids[0],), 6, PLAIN)))
        await asyncio.sleep(0.05)
        gated.gate.set()
        return [await task for task in (first, *rest, other)]

    results = asyncio.run(ask())
    engine.stop()
    assert [len(result.tracks) for result in results] == [5] * 6 + [6]
    assert gated.batches == [1, 4, 1, 1], "four that fit, the fifth, and the one that asked for more"
    for seed, result in zip(some_ids[:6], results[:6], strict=True):
        assert [track.track_id for track in result.seeds] == [seed]


def test_one_that_cannot_be_answered_spoils_no_other(gated: Gated, some_ids: list[str]) -> None:
    engine = engine_of(gated)

    async def ask() -> list[Result | BaseException]:
        first = asyncio.create_task(engine.recommend(Query((some_ids[0],), 5, PLAIN)))
        await asyncio.to_thread(gated.entered.acquire)
        rest = [engine.recommend(Query((seed,), 5, PLAIN)) for seed in (some_ids[1], "0" * 22, some_ids[2])]
        waiting = asyncio.gather(*rest, return_exceptions=True)
        await asyncio.sleep(0.05)
        gated.gate.set()
        await first
        return await waiting

    good, bad, also_good = asyncio.run(ask())
    engine.stop()
    assert isinstance(good, Result)
    assert isinstance(also_good, Result)
    assert isinstance(bad, NoUsableSeeds)


def test_a_full_queue_refuses_at_once(gated: Gated, some_ids: list[str]) -> None:
    engine = engine_of(gated, queue_limit=2)
    query = Query((some_ids[0],), 5, PLAIN)

    async def ask() -> None:
        first = asyncio.create_task(engine.recommend(query))
        await asyncio.to_thread(gated.entered.acquire)
        waiting = [asyncio.create_task(engine.recommend(query)) for _ in range(2)]
        await asyncio.sleep(0.02)
        with pytest.raises(ServerBusyError) as caught:
            await engine.recommend(query)
        assert caught.value.retry_after >= 1
        gated.gate.set()
        await asyncio.gather(first, *waiting)

    asyncio.run(ask())
    engine.stop()


def test_an_answer_that_takes_too_long(gated: Gated, some_ids: list[str]) -> None:
    engine = engine_of(gated, answer_timeout=0.1)

    async def ask() -> None:
        with pytest.raises(AnswerTimeoutError):
            await engine.recommend(Query((some_ids[0],), 5, PLAIN))

    asyncio.run(ask())
    gated.gate.set()
    engine.stop()


def test_a_client_that_hangs_up_stops_its_work(
    start_server: StartServer, gated: Gated, some_ids: list[str]
) -> None:
    running = start_server(opener=lambda: gated)
    body = {"tracks": some_ids[:1], "n": 5}
    with running.client() as client, ThreadPoolExecutor() as pool:
        first = pool.submit(client.post, "/api/v1/recommendations", json=body)
        gated.entered.acquire()
        impatient = httpx.Client(base_url=running.url, timeout=0.3)
        for path in ("/api/v1/recommendations", "/api/v1/recommendations/events"):
            with pytest.raises(httpx.ReadTimeout):
                impatient.post(path, json=body)
        impatient.close()
        wait_until(lambda: running.application.service.engine.waiting >= 1)
        gated.gate.set()
        assert first.result(20).status_code == 200
        metrics = running.application.service.metrics
        wait_until(lambda: running.application.service.engine.waiting == 0)
        assert metrics.value("segue_abandoned_total") >= 1
        assert sum(gated.batches) == 1, "what nobody waits for any more is not worked out"


def test_64_at_once_are_all_answered(server: Running, some_ids: list[str]) -> None:
    with server.client(limits=httpx.Limits(max_connections=64)) as client, ThreadPoolExecutor(64) as pool:
        body = {"tracks": some_ids, "n": 50, "with_seeds": False}
        asked = [pool.submit(client.post, "/api/v1/recommendations", json=body) for _ in range(64)]
        assert {each.result(60).status_code for each in asked} == {200}


def test_what_goes_beyond_the_queue_is_shed(start_server: StartServer, some_ids: list[str]) -> None:
    running = start_server(queue_limit=3, max_batch=1)
    with running.client(limits=httpx.Limits(max_connections=40)) as client, ThreadPoolExecutor(40) as pool:
        body = {"tracks": some_ids, "n": 200}
        asked = [pool.submit(client.post, "/api/v1/recommendations", json=body) for _ in range(40)]
        answers = [each.result(60) for each in asked]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert refused
    assert {answer.status_code for answer in refused} == {503}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
    assert len(refused) < 40


@pytest.fixture
def own_catalogue(starter: Path, tmp_path: Path) -> Path:
    """A copy of the starter catalogue that a test may change."""
    return Path(shutil.copy(starter, tmp_path / "own.sqlite"))


def test_reload_without_a_failed_request(
    start_server: StartServer, own_catalogue: Path, some_ids: list[str]
) -> None:
    running = start_server(opener=lambda: Recommender.open(own_catalogue, MODEL))
    stop = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        with running.client() as client:
            while not stop.is_set():
                body = {"tracks": some_ids, "n": 10}
                statuses.append(client.post("/api/v1/recommendations", json=body).status_code)
                statuses.append(client.get("/api/v1/search?q=metal").status_code)

    with ThreadPoolExecutor(3) as pool, running.client() as client:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            with Catalogue.create(own_catalogue) as catalogue:
                catalogue.upsert([Track("9" * 22, "Brand New", ("Nobody",), features={"energy": 0.5})])
            early = client.post("/api/v1/recommendations", json={"tracks": ["9" * 22]})
            assert early.status_code == 422, "not embedded yet: a seed that the server does not know"
            assert client.post("/api/reload").json() == {"generation": 2, "tracks": 33827}
            assert client.post("/api/reload").json()["generation"] == 3
            assert client.get(f"/api/v1/tracks/{'9' * 22}").json()["name"] == "Brand New"
        finally:
            stop.set()
        for each in asking:
            each.result(20)
    assert len(statuses) > 10
    assert set(statuses) == {200}


def test_a_reload_that_fails_changes_nothing(start_server: StartServer, own_catalogue: Path) -> None:
    running = start_server(opener=lambda: Recommender.open(own_catalogue, MODEL))
    kept = own_catalogue.with_suffix(".old")
    own_catalogue.rename(kept)
    own_catalogue.write_text("not a catalogue")
    with running.client() as client:
        answer = client.post("/api/reload")
        assert answer.status_code == 503
        assert answer.json()["type"] == "/docs#not-a-catalogue"
        assert client.get("/api/v1/catalogue").json()["generation"] == 1
        assert client.get("/api/v1/search?q=metal").json()["tracks"]


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.sqlite"
    wrong.write_text("not a catalogue")
    engine = Engine(lambda: Recommender.open(wrong, MODEL), ServeOptions(), Metrics())
    with pytest.raises(NotACatalogueError):
        engine.start()
    engine.stop()


def test_a_replaced_generation_closes_when_its_last_user_is_done(
    open_recommender: Callable[[], Recommender],
) -> None:
    engine = Engine(open_recommender, ServeOptions(), Metrics())
    with pytest.raises(ServerBusyError, match="starting"):
        _ = engine.generation
    engine.start()
    with engine.held() as old:
        engine.reload()
        assert engine.generation == 2
        assert len(old.recommender.catalogue) == 33826, "still open"
        assert not old.acquire()
    with pytest.raises(Exception, match="closed"):
        len(old.recommender.catalogue)
    engine.stop()
    assert not engine.is_ready


def made_up(count: int) -> Playlist:
    return Playlist(
        tuple(TrackReference(title=f"qwrt{n} zxcv{n} lkjh{n}", artist=f"nobdy{n}") for n in range(count))
    )


def test_matching_that_is_late_stops_and_searches_go_on_beside_it(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[str] = []
    begun = threading.Event()

    def endless(
        catalogue: Catalogue, playlist: Playlist, *, should_stop: Callable[[], bool], **_: object
    ) -> list[Match]:
        begun.set()
        while not should_stop():
            threading.Event().wait(0.005)
        stopped.append("stopped")
        return []

    monkeypatch.setattr("segue.app.match_playlist", endless)
    engine = engine_of(Recommender.open(starter, MODEL), match_timeout=0.5)

    async def ask() -> str:
        matching = [asyncio.create_task(engine.match(made_up(1))) for _ in range(2)]
        await asyncio.to_thread(begun.wait)
        found = await engine.look_up(lambda: "searched")
        for late in await asyncio.gather(*matching, return_exceptions=True):
            assert isinstance(late, AnswerTimeoutError)
        return found

    assert asyncio.run(ask()) == "searched"
    wait_until(lambda: len(stopped) == 2)
    engine.stop()


def test_a_playlist_that_nobody_waits_for_is_not_matched_to_its_end(starter: Path) -> None:
    engine = engine_of(Recommender.open(starter, MODEL))
    done: list[tuple[int, int]] = []

    async def ask() -> None:
        task = asyncio.create_task(engine.match(made_up(20_000), progress=lambda *at: done.append(at)))
        while not done:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(ask())
    engine.stop()  # waits for its threads
    assert done[-1][0] < 20_000


def test_only_so_many_playlists_wait(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segue.web.engine.MAX_PLAYLISTS", 0)
    engine = engine_of(Recommender.open(starter, MODEL))
    with pytest.raises(ServerBusyError, match="being matched"):
        asyncio.run(engine.match(made_up(1)))
    engine.stop()
