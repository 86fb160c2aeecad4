"""The server that the browser comes back to."""

import http.client
import socket
import threading
from collections.abc import Callable

import pytest

from segue.errors import SignInError
from segue.services.spotify.callback import CallbackServer


def get(server: CallbackServer, path: str, host: str = "") -> tuple[int, str, dict[str, str]]:
    address = server.redirect_uri.removeprefix("http://").removesuffix("/callback")
    connection = http.client.HTTPConnection(address, timeout=5)
    connection.request("GET", path, headers={"Host": host or address})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_the_browser_is_told_that_it_worked() -> None:
    pages: list[tuple[int, str, dict[str, str]]] = []
    with CallbackServer() as server:
        browser = in_background(lambda: pages.append(get(server, "/callback?code=s3cret&state=x")))
        with server.visit(5) as target:
            assert target == "/callback?code=s3cret&state=x"
        browser.join()
    ((status, body, headers),) = pages
    assert status == 200
    assert "You are signed in" in body
    assert "s3cret" not in body
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_the_browser_is_told_what_went_wrong() -> None:
    pages: list[tuple[int, str, dict[str, str]]] = []
    with CallbackServer() as server:
        browser = in_background(lambda: pages.append(get(server, "/callback?error=x")))
        with pytest.raises(SignInError, match="<b>no"), server.visit(5):
            raise SignInError("<b>no", hint="Again.")
        browser.join()
    assert pages[0][0] == 400
    assert "&lt;b&gt;no. Again." in pages[0][1]


def test_it_answers_once() -> None:
    pages: list[int] = []
    with CallbackServer() as server:
        browser = in_background(lambda: pages.append(get(server, "/callback?code=1")[0]))
        with server.visit(5):
            assert get(server, "/callback?code=2")[0] == 410
        browser.join()
        assert get(server, "/callback?code=3")[0] == 410
    assert pages == [200]


def test_other_paths_and_names_are_not_for_it() -> None:
    with CallbackServer() as server:
        assert get(server, "/favicon.ico")[0] == 404
        assert get(server, "/callback?code=1", host="evil.example")[0] == 400
        assert get(server, "/callback?code=1", host="localhost:80")[0] == 400
        with pytest.raises(SignInError, match="did not come back"), server.visit(0.01):
            pass


def test_it_listens_on_loopback_alone() -> None:
    with CallbackServer() as server:
        assert server._server.server_address[0] == "127.0.0.1"
        assert server._server.socket.getsockname()[0] == "127.0.0.1"


def test_a_browser_that_only_connects_holds_nothing_up() -> None:
    pages: list[int] = []
    with CallbackServer() as server:
        port = int(server.redirect_uri.split(":")[2].split("/")[0])
        with socket.create_connection(("127.0.0.1", port)):
            browser = in_background(lambda: pages.append(get(server, "/callback?code=1")[0]))
            with server.visit(5):
                pass
            browser.join()
    assert pages == [200]


def test_it_is_gone_afterwards() -> None:
    with CallbackServer() as server:
        pass
    with pytest.raises(OSError, match="refused"):
        get(server, "/callback")


def test_a_stray_request_is_answered_and_waiting_goes_on() -> None:
    pages: list[int] = []
    with CallbackServer() as server:
        server.accept_only(lambda target: "state=ours" in target)
        for stray in ("/callback", "/callback?", "/callback?code=1", "/callback?code=1&state=other"):
            status, body, _ = get(server, stray)
            assert (status, "still waits" in body) == (400, True)
        browser = in_background(lambda: pages.append(get(server, "/callback?code=1&state=ours")[0]))
        with server.visit(5) as target:
            assert target == "/callback?code=1&state=ours"
        browser.join()
    assert pages == [200]
