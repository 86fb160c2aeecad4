"""The drop-in answers what Spotify's own OpenAPI file says."""

import json
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from fake_spotify.answers import Answer
from fake_spotify.api import Asked
from fake_spotify.contract import Contract

pytestmark = pytest.mark.shared_data


@pytest.fixture
def contract(spotify_contract: Contract | None) -> Contract:
    if spotify_contract is None:
        pytest.skip("no Spotify OpenAPI file (set SEGUE_SHARED_DATA to the folder that holds it)")
    return spotify_contract


def faults(contract: Contract, response: httpx.Response) -> list[str]:
    parts = urlsplit(str(response.request.url))
    asked = Asked("GET", parts.path.removeprefix("/v1"), dict(parse_qsl(parts.query)), None)
    body = response.json()
    for seed in body.get("seeds", ()):
        if (
            seed["href"] is None
        ):  # "For genre seeds, this value will be `null`", the file says, and `type: string`
            del seed["href"]
    answer = Answer(response.status_code, dict(response.headers), json.dumps(body).encode())
    assert contract.find_operation(asked) is not None, asked.path
    assert response.status_code == 200, response.text
    return contract.check_answer(asked, answer)


def test_answers(contract: Contract, client: httpx.Client, some_ids: list[str]) -> None:
    ids = ",".join([*some_ids, "0" * 22])
    artist = client.get(f"/v1/tracks/{some_ids[0]}").json()["artists"][0]["id"]
    for path in (
        f"/v1/tracks/{some_ids[0]}",
        f"/v1/tracks?ids={ids[:-23]}",
        f"/v1/audio-features/{some_ids[0]}",
        f"/v1/audio-features?ids={ids[:-23]}",
        "/v1/recommendations/available-genre-seeds",
        f"/v1/recommendations?seed_tracks={some_ids[0]}&seed_artists={artist}&seed_genres=rock,polka&limit=100",
        f"/v1/recommendations?seed_tracks={some_ids[0]}&min_tempo=100&target_popularity=50&market=DE",
        "/v1/search?q=metal&type=track,artist&limit=3&offset=2",
        "/v1/search?q=nobody+of+that+name&type=track,artist",
        f"/v1/artists/{artist}",
        f"/v1/artists/{artist}/top-tracks",
    ):
        assert faults(contract, client.get(path)) == [], path


def test_every_parameter_of_the_file_is_known(contract: Contract, client: httpx.Client) -> None:
    for path in (
        "/recommendations",
        "/audio-features",
        "/tracks",
        "/tracks/{id}",
        "/audio-features/{id}",
        "/search",
        "/artists/{id}",
        "/artists/{id}/top-tracks",
    ):
        theirs = contract.spec["paths"][path]["get"]["parameters"]
        named = {one["name"] for one in map(contract._resolve, theirs) if one["in"] == "query"}
        spec = client.get("/api/openapi.json").json()["paths"]
        kind = "artist" if path.startswith("/artists") else "track"
        ours = spec[f"/v1{path.replace('{id}', f'{{{kind}_id}}')}"]["get"].get("parameters", [])
        assert named <= {one["name"] for one in ours}, path
