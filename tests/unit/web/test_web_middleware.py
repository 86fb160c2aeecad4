import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from segue.web.middleware import SECURITY_HEADERS, Metered
from serving import Running, wait_until
from serving.fixtures import StartServer
from serving.gated import Gated

TOKEN = "a-token-that-is-long-enough"


def test_every_answer_has_the_security_headers(client: httpx.Client) -> None:
    for path in (
        "/",
        "/docs",
        "/static/js/main.js",
        "/api/health",
        "/api/v1/search?q=a",
        "/nothing",
        "/v1/x",
    ):
        headers = client.get(path).headers
        for name, value in SECURITY_HEADERS.items():
            assert headers[name] == value, path


def test_the_policy_is_strict(client: httpx.Client) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy, "the page may load from no other host"


def test_only_the_players_frame_may_show_spotify(client: httpx.Client) -> None:
    response = client.get("/player/7ouMYWpwJ422jRcDASZB7P")
    assert "frame-src https://open.spotify.com;" in response.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-frame-options"] == "SAMEORIGIN"
    assert client.get("/player/%22%3E%3Cscript%3E").status_code == 422


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "["])
def test_dns_rebinding_is_refused(client: httpx.Client, host: str) -> None:
    response = client.get("/api/v1/catalogue", headers={"host": host})
    assert response.status_code in {400, 421}  # h11 itself refuses an empty one
    assert "tracks" not in response.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "[::1]:8765", "LOCALHOST"])
def test_names_of_this_machine(client: httpx.Client, host: str) -> None:
    assert client.get("/api/v1/catalogue", headers={"host": host}).status_code == 200


def test_a_name_can_be_allowed(start_server: StartServer) -> None:
    running = start_server(allowed_hosts=("segue.example",))
    with running.client() as client:
        assert client.get("/api/health", headers={"host": "segue.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_page_of_another_site_cannot_change_anything(client: httpx.Client, headers: dict[str, str]) -> None:
    response = client.post("/api/reload", headers=headers)
    assert response.status_code == 403
    assert response.json()["title"] == "Not allowed"


def test_our_own_page_and_programs_can(client: httpx.Client, server: Running, some_ids: list[str]) -> None:
    body = {"tracks": some_ids}
    for headers in ({}, {"sec-fetch-site": "same-origin"}, {"origin": server.url.rstrip("/")}):
        assert client.post("/api/v1/tracks", json=some_ids, headers=headers).status_code == 200
    assert client.post("/api/v1/recommendations", json=body).status_code == 200


def test_cors_is_off_unless_asked_for(client: httpx.Client, start_server: StartServer) -> None:
    origin = {"origin": "https://mine.example"}
    assert "access-control-allow-origin" not in client.get("/api/v1/catalogue", headers=origin).headers
    running = start_server(cors_origins=("https://mine.example",))
    with running.client() as open_client:
        answer = open_client.get("/api/v1/catalogue", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://mine.example"
        other = open_client.get("/api/v1/catalogue", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
        posted = open_client.post(
            "/api/v1/match", json={"playlist": "a - b"}, headers=origin | {"sec-fetch-site": "cross-site"}
        )
        assert posted.status_code == 200


def test_tokens(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("tokens") / "tokens"
    file.write_text(f"{TOKEN}\n")
    running = start_server(token_file=file)
    with running.client() as client:
        for path in ("/api/v1/catalogue", "/v1/recommendations/available-genre-seeds", "/api/metrics"):
            refused = client.get(path)
            assert refused.status_code == 401, path
            assert refused.headers["www-authenticate"] == 'Bearer realm="segue"'
            assert TOKEN not in refused.text
            assert client.get(path, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
            assert client.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
        for path in ("/", "/docs", "/static/js/main.js", "/api/health"):
            assert client.get(path).status_code == 200, path
        shape = client.get("/v1/tracks/x").json()
        assert shape["error"]["status"] == 401


def test_a_browser_exchanges_a_token_for_a_session(
    start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("tokens") / "tokens"
    file.write_text(f"{TOKEN}\n")
    with start_server(token_file=file).client() as client:
        assert client.get("/api/v1/session").json()["token_needed"]
        assert client.post("/api/v1/session", json={"token": "wrong" * 4}).status_code == 401
        answer = client.post("/api/v1/session", json={"token": TOKEN})
        assert not answer.json()["token_needed"]
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert client.get("/api/v1/catalogue").status_code == 200


def test_the_rate_of_one_client_is_limited(start_server: StartServer) -> None:
    with start_server(rate_limit=1.0).client() as client:
        statuses = [client.get("/api/v1/search?q=a").status_code for _ in range(6)]
        assert statuses[:4] == [200] * 4
        assert statuses[-1] == 429
        refused = client.get("/api/v1/search?q=a")
        assert int(refused.headers["retry-after"]) >= 1
        assert client.get("/api/health").status_code == 200, "health is not metered"


def test_the_bucket_fills_again() -> None:
    now = 0.0
    meter = Metered(app=None, rate=2.0, clock=lambda: now)  # type: ignore[arg-type]
    assert [meter.wait_for("a") for _ in range(8)] == [0.0] * 8
    assert meter.wait_for("a") == pytest.approx(0.5)
    assert meter.wait_for("b") == 0
    now = 0.5
    assert meter.wait_for("a") == 0


def test_a_crowd_is_refused_at_once(start_server: StartServer, gated: Gated, some_ids: list[str]) -> None:
    running = start_server(opener=lambda: gated, max_under_way=2)
    with running.client() as client, ThreadPoolExecutor(2) as pool:
        body = {"tracks": some_ids, "n": 5}
        asked = [pool.submit(client.post, "/api/v1/recommendations", json=body)]
        gated.entered.acquire()
        asked.append(pool.submit(client.post, "/api/v1/recommendations", json=body))
        wait_until(lambda: running.application.service.engine.waiting == 1)
        for path in ("/api/v1/search?q=a", "/", "/v1/recommendations"):
            refused = client.get(path)
            assert refused.status_code == 503, path
            assert refused.headers["retry-after"] == "1"
        assert client.get("/api/health").status_code == 200, "the process is alive"
        gated.gate.set()
        assert {each.result(60).status_code for each in asked} == {200}
        assert client.get("/api/v1/search?q=a").status_code == 200


def test_bodies_are_bounded(start_server: StartServer) -> None:
    with start_server(max_body=1_000).client() as client:
        text = {"playlist": "x" * 2_000}
        refused = client.post("/api/v1/match", json=text)
        assert refused.status_code == 413
        assert "expected at most 1,000 bytes in a request, got 2," in refused.json()["detail"]
        assert refused.json()["hint"]

        def parts() -> object:
            for _ in range(20):
                yield b"x" * 100

        streamed = client.post("/api/v1/match", content=parts())  # type: ignore[arg-type]
        assert streamed.status_code == 413
        assert streamed.json()["title"] == "Too large"


def test_slow_bodies_are_cut_off(start_server: StartServer) -> None:
    import socket
    from urllib.parse import urlsplit

    running = start_server(body_timeout=0.3)
    with socket.create_connection(("127.0.0.1", urlsplit(running.url).port or 0), timeout=10) as raw:
        raw.sendall(
            b"POST /api/v1/match HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{"
        )
        assert b" 408 " in raw.recv(200)


def test_only_a_few_large_bodies_at_once(start_server: StartServer) -> None:
    with start_server(max_large=1).client() as client, ThreadPoolExecutor(1) as pool:
        sent, going = threading.Event(), threading.Event()

        def slow() -> Iterator[bytes]:
            yield b"{" + b" " * (16 * 1024 * 1024)  # more than lies between the two: the server reads it
            sent.set()
            assert going.wait(60)
            yield b"}"

        first = pool.submit(client.post, "/api/v1/match", content=slow(), headers=JSON)
        assert sent.wait(60), "another one meanwhile would take its place"
        try:
            wait_until(lambda: ask_large(client).status_code == 503)
            refused = ask_large(client)
            assert "4,194,304 bytes are under way" in refused.json()["detail"]
            assert refused.headers["retry-after"] == "5"
        finally:
            going.set()
        assert first.result(20).status_code == 422
        assert ask_large(client).status_code == 422, "its place is free again"


JSON = {"content-type": "application/json"}


def ask_large(client: httpx.Client) -> httpx.Response:
    return client.post("/api/v1/match", content=b"{" + b" " * (5 * 1024 * 1024) + b"}", headers=JSON)
