import json

import httpx
import pytest

from segue.playlists.read import write_playlist
from segue.types import Track
from segue.web.schemas import RecommendationsOut


def post(client: httpx.Client, **body: object) -> httpx.Response:
    return client.post("/api/v1/recommendations", json=body)


def test_from_ids(client: httpx.Client, some_ids: list[str]) -> None:
    answer = post(client, tracks=some_ids, n=20).json()
    ids = [pick["track_id"] for pick in answer["tracks"]]
    assert len(set(ids)) == 20
    assert RecommendationsOut.model_validate(answer).model_dump() == answer, "in the shape that is described"
    assert not set(ids) & set(some_ids)
    assert [track["track_id"] for track in answer["seeds"]] == some_ids
    assert answer["unmatched"] == []
    assert answer["took_ms"] > 0
    first = answer["tracks"][0]
    assert first["reasons"][0]["text"]
    assert first["url"] == f"https://open.spotify.com/track/{first['track_id']}"
    assert isinstance(first["ranking_score"], float)


def test_from_lines(client: httpx.Client) -> None:
    answer = post(client, playlist="metallica - enter sandman\nNobody - Nothing", n=5).json()
    assert len(answer["tracks"]) == 5
    assert answer["seeds"][0]["name"] == "Enter Sandman"
    assert answer["unmatched"] == ["Nobody - Nothing"]


@pytest.mark.parametrize("fmt", ["csv", "m3u8", "xspf", "jspf", "json", "uris"])
def test_from_any_format(client: httpx.Client, some_ids: list[str], fmt: str) -> None:
    tracks = client.post("/api/v1/tracks", json=some_ids).json()["tracks"]
    text = write_playlist(
        [Track(track["track_id"], track["name"], tuple(track["artists"])) for track in tracks], fmt
    )
    answer = post(client, playlist=text, n=3).json()
    assert [track["track_id"] for track in answer["seeds"]] == some_ids


def test_controls(client: httpx.Client, some_ids: list[str]) -> None:
    controls = {
        "minimum": {"tempo": 100},
        "maximum": {"tempo": 140, "energy": 0.9},
        "target": {"valence": 0.9},
        "popularity": {"minimum": 20},
        "max_per_artist": 1,
        "order": "score",
        "adventurousness": 0.3,
    }
    picks = post(client, tracks=some_ids, n=30, controls=controls).json()["tracks"]
    assert picks
    assert all(100 <= pick["features"]["tempo"] <= 140 for pick in picks)
    assert all(pick["features"]["energy"] <= 0.9 for pick in picks)
    assert all(pick["popularity"] >= 20 for pick in picks)
    artists = [pick["artists"][0] for pick in picks]
    assert len(artists) == len(set(artists))
    scores = [pick["ranking_score"] for pick in picks]
    assert len(scores) > 1


def test_seeds_are_left_out_on_request(client: httpx.Client, some_ids: list[str]) -> None:
    assert post(client, tracks=some_ids, with_seeds=False).json()["seeds"] == []


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 422, "give `playlist`"),
        ({"tracks": ["x"]}, 422, "/tracks/0"),
        ({"tracks": ["0" * 22]}, 422, "none of the 1 songs is in the catalogue"),
        ({"tracks": ["0" * 22], "n": 0}, 422, "/n"),
        ({"tracks": ["0" * 22], "n": 10**9}, 422, "/n"),
        ({"tracks": ["0" * 22], "controls": {"minimum": {"loudnes": 1}}}, 422, "loudnes"),
        ({"tracks": ["0" * 22], "controls": {"adventurousness": 2}}, 422, "adventurousness"),
        ({"tracks": ["0" * 22], "surprise": 1}, 422, "/surprise"),
        ({"playlist": "   "}, 422, "give `playlist`"),
        ({"playlist": "<!doctype html><html></html>"}, 422, ""),
        ({"playlist": "Nobody - Nothing"}, 422, "Nobody - Nothing"),
        ({"playlist": "https://open.spotify.com/playlist/4uLU6hMCjMI75M1A2tKUQC"}, 403, "signed in"),
        ({"playlist": "https://open.spotify.com/artist/4uLU6hMCjMI75M1A2tKUQC"}, 422, "artist"),
    ],
)
def test_what_cannot_be_used(client: httpx.Client, body: object, status: int, says: str) -> None:
    response = client.post("/api/v1/recommendations", json=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.text
    assert response.json()["status"] == status


def test_contradicting_bounds(client: httpx.Client, some_ids: list[str]) -> None:
    controls = {"minimum": {"tempo": 150}, "maximum": {"tempo": 100}}
    response = post(client, tracks=some_ids, controls=controls)
    assert response.status_code == 422
    assert response.json()["type"] == "/docs#invalid-controls"


@pytest.mark.parametrize("content", [b"{", b"[" * 5_000, b"\xff", b"9" * 5_000, b"{'n': 1}"])
def test_what_is_no_json(client: httpx.Client, content: bytes) -> None:
    response = client.post(
        "/api/v1/recommendations", content=content, headers={"content-type": "application/json"}
    )
    assert response.status_code == 400, response.text
    assert response.json()["type"] == "/docs#not-json"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"n": NaN}', b'"\\ud800"', b"null"])
def test_json_of_another_shape(client: httpx.Client, content: bytes) -> None:
    response = client.post(
        "/api/v1/recommendations", content=content, headers={"content-type": "application/json"}
    )
    assert response.status_code == 422, response.text
    assert response.json()["type"] == "/docs#invalid-request"


def test_each_field_says_what_came(client: httpx.Client) -> None:
    body = post(client, tracks=["short"], n="many", surprise=[]).json()
    assert {field["pointer"] for field in body["errors"]} == {"/tracks/0", "/n", "/surprise"}
    assert 'got "short"' in body["detail"]
    form = client.post("/api/v1/recommendations", data={"playlist": "Muse - Starlight"})
    assert form.status_code == 422
    assert "Content-Type: application/json" in form.json()["hint"]


def test_whole_numbers_are_written_as_such(client: httpx.Client, some_ids: list[str]) -> None:
    text = client.get(f"/api/v1/tracks/{some_ids[0]}").text
    features = json.loads(text)["features"]
    assert {type(features[name]) for name in ("key", "mode", "duration_ms", "time_signature")} == {int}
    assert isinstance(features["tempo"], float)
    pick = post(client, tracks=some_ids, n=1).json()["tracks"][0]
    assert isinstance(pick["features"]["key"], int)


def test_paths_and_methods_that_are_not_there(client: httpx.Client) -> None:
    nothing = client.get("/api/v1/nothing")
    assert nothing.status_code == 404
    assert "/api/v1/nothing" in nothing.json()["detail"]
    other = client.get("/api/v1/recommendations")
    assert other.status_code == 405
    assert other.json()["detail"] == "expected POST, got GET"
    assert client.get("/api/v1/map/rows/99999").status_code == 404


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_events(client: httpx.Client) -> None:
    body = {"playlist": "metallica - enter sandman\nNobody - Nothing", "n": 5}
    response = client.post("/api/v1/recommendations/events", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    seen = events(response.text)
    assert [name for name, _ in seen] == ["stage", "stage", "match", "stage", "result"]
    assert [data.get("stage") for name, data in seen if name == "stage"] == ["read", "match", "choose"]
    assert seen[2][1]["found"] == 1
    assert len(seen[4][1]["tracks"]) == 5  # type: ignore[arg-type]


def test_events_end_with_a_problem(client: httpx.Client) -> None:
    response = client.post("/api/v1/recommendations/events", json={"playlist": "Nobody - Nothing"})
    assert response.status_code == 200
    name, data = events(response.text)[-1]
    assert name == "problem"
    assert data["type"] == "/docs#no-usable-seeds"


def test_match_says_what_came_near(client: httpx.Client) -> None:
    answer = client.post("/api/v1/match", json={"playlist": "Metallica - Enter Sandman Zwo Dri"}).json()
    match = answer["entries"][0]
    assert match["given"].startswith("Metallica")
    assert match["track"] or match["others"]


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("list.csv", "\ufefftitle;artist\r\nEnter Sandman;Metallica\r\n".encode(), 200),
        ("list.txt", "Metallica – Enter Sandman".encode("utf-16"), 200),
        ("list.txt", b"", 422),
        ("song.mp3", bytes(range(256)) * 40, 422),
        ("list.xspf", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><playlist>&b;</playlist>', 422),
    ],
)
def test_files(client: httpx.Client, name: str, data: bytes, status: int) -> None:
    response = client.post("/api/v1/match/file", files={"file": (name, data)})
    assert response.status_code == status, response.text
    if status == 200:
        assert response.json()["found"] == 1


MADE_UP = "".join(f"nobdy{n} - qwrt{n}\n" for n in range(100_001))


@pytest.mark.parametrize("path", ["recommendations", "match/file"])
def test_more_entries_than_are_read_are_refused_with_both_numbers(client: httpx.Client, path: str) -> None:
    sent = (
        {"files": {"file": ("a.txt", MADE_UP)}} if path == "match/file" else {"json": {"playlist": MADE_UP}}
    )
    response = client.post(f"/api/v1/{path}", **sent)
    assert response.status_code == 413, response.text
    problem = response.json()
    assert problem["type"] == "/docs#playlist-too-long"
    assert "expected at most 100,000 entries, got more (100,001 lines, 2,277,805 bytes)" in problem["detail"]
    assert problem["hint"]


def test_as_many_entries_as_are_promised(client: httpx.Client, some_ids: list[str]) -> None:
    """Links of full length: 5.4 MB, which no request could carry before."""
    links = "".join(f"https://open.spotify.com/track/{some_ids[n % 15]}\n" for n in range(100_000))
    answer = client.post("/api/v1/match/file", files={"file": ("a.txt", links)})
    assert answer.status_code == 200, answer.text
    assert answer.json()["found"] == 100_000
    picks = post(client, playlist=links, n=3, with_seeds=False)
    assert picks.status_code == 200, picks.text
    assert len(picks.json()["tracks"]) == 3


def test_events_tell_how_far_a_long_match_is(client: httpx.Client) -> None:
    lines = "".join(f"nobdy{n} - qwrt{n} zxcv{n}\n" for n in range(20_000)) + "metallica - enter sandman\n"
    seen = events(client.post("/api/v1/recommendations/events", json={"playlist": lines, "n": 3}).text)
    told = [data for name, data in seen if name == "stage" and data["stage"] == "match"]
    done = [int(str(data["done"])) for data in told if "done" in data]
    assert done
    assert done == sorted(set(done))
    assert {data["entries"] for data in told} == {20_001}
    assert seen[-1][0] == "result"
