"""The descriptions of the endpoints, the fake, and Spotify's OpenAPI file agree."""

import re

import pytest

from fake_spotify import FakeSpotify, Song
from fake_spotify.answers import Answer, json_answer
from fake_spotify.api import Asked
from fake_spotify.contract import Contract
from fake_spotify.world import spotify_id
from segue.services.spotify import endpoints
from segue.services.spotify.transport import Request

ID = spotify_id("any")
REQUESTS: list[Request] = [
    endpoints.me().request(),
    endpoints.track(ID).request(),
    endpoints.search_tracks("isrc:GBUM71029604").request(),
    endpoints.album(ID).request(),
    endpoints.album_tracks(ID, 50).request(),
    endpoints.liked(0).request(),
    endpoints.playlist(ID).request(),
    endpoints.playlist_items(ID, 100).request(),
    endpoints.my_playlists(50).request(),
    endpoints.create_playlist("Name", "Text", public=False).request(),
    endpoints.add_items(ID, [f"spotify:track:{ID}"], 0).request(),
]


@pytest.fixture
def contract(spotify_contract: Contract | None) -> Contract:
    if spotify_contract is None:
        pytest.skip("no Spotify OpenAPI file (set SEGUE_SHARED_DATA to the folder that holds it)")
    return spotify_contract


def asked(request: Request) -> Asked:
    query = {name: str(value) for name, value in request.params.items()}
    return Asked(request.method, request.path.removeprefix("/v1"), query, request.body)


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: f"{one.method} {one.path}".replace(ID, "ID"))
def test_every_endpoint_is_in_the_file_and_not_deprecated(contract: Contract, request_: Request) -> None:
    operation = contract.find_operation(asked(request_))
    assert operation is not None
    assert not operation.get("deprecated")
    assert contract.check_request(asked(request_)) == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (Asked("GET", "/playlists", {}, None), "no such operation"),
        (Asked("DELETE", "/me/playlists", {}, None), "no such operation"),
        (Asked("GET", "/me/tracks", {"limit": "51"}, None), "limit: .*maximum"),
        (Asked("GET", "/me/tracks", {"limit": "0"}, None), "limit: .*minimum"),
        (Asked("GET", "/me/tracks", {"limit": "many"}, None), "limit: .*integer"),
        (Asked("GET", "/me/tracks", {"page": "1"}, None), "unknown parameter page"),
        (Asked("GET", "/search", {"type": "track"}, None), "parameter q is missing"),
        (Asked("GET", "/search", {"type": "track", "q": "x", "limit": "11"}, None), "limit: .*maximum"),
        (Asked("POST", "/me/playlists", {}, {"public": True}), "'name' is a required"),
        (Asked("POST", "/me/playlists", {}, {"name": 1}), "body: .*string"),
        (Asked("POST", "/me/playlists", {}, {"name": "x", "colour": "red"}), "unknown field colour"),
        (Asked("POST", f"/playlists/{ID}/items", {}, {"uris": "spotify:track:x"}), "body: .*array"),
        (Asked("GET", "/me", {}, {"a": 1}), "body: none is allowed"),
    ],
)
def test_what_the_file_does_not_allow_is_found(contract: Contract, wrong: Asked, message: str) -> None:
    found = contract.check_request(wrong)
    assert re.search(message, found[0])


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(200, {"id": 7}),
        json_answer(200, []),
        json_answer(401, {"error": "unauthorized"}),
        Answer(418, {}, b"{}"),
    ],
)
def test_an_answer_that_the_file_does_not_allow_is_found(contract: Contract, answer: Answer) -> None:
    assert contract.check_answer(Asked("GET", "/me", {}, None), answer)


def test_the_fake_refuses_what_the_file_does_not_allow(contract: Contract, fake_spotify: FakeSpotify) -> None:
    wrong = Asked("GET", "/me/tracks", {"limit": "51"}, None, "Bearer x")
    assert fake_spotify._for_api(wrong).status == 400
    assert len(fake_spotify.violations) == 1
    fake_spotify.violations.clear()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/playlists/{playlist}/tracks", 403),
        ("POST", "/playlists/{playlist}/tracks", 403),
        ("POST", "/users/ada/playlists", 403),
        ("GET", "/audio-features/{track}", 403),
        ("GET", "/artists/{track}/related-artists", 404),
        ("GET", "/recommendations", 404),
        ("GET", "/me/playlists", 200),
        ("GET", "/playlists/{playlist}", 200),
        ("GET", "/playlists/{playlist}/items", 200),
    ],
)
def test_the_fake_is_as_spotify_is_since_2026(
    fake_spotify: FakeSpotify, method: str, path: str, status: int
) -> None:
    song = Song.numbered(1)
    playlist = fake_spotify.world.add_playlist("ada", "Mine", [song])
    filled = path.format(playlist=playlist.playlist_id, track=song.track_id)
    token = fake_spotify.sign_in()["access_token"]
    body = {"name": "x"} if method == "POST" and "users" in path else None
    assert fake_spotify._for_api(Asked(method, filled, {}, body, f"Bearer {token}")).status == status
