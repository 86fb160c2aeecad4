import httpx
import pytest

from segue.playlists.formats import FORMATS
from segue.web.schemas import ExportIn


def test_search(client: httpx.Client) -> None:
    found = client.get("/api/v1/search", params={"q": "ent sandm"}).json()["tracks"]
    assert found[0]["name"] == "Enter Sandman"
    assert client.get("/api/v1/search", params={"q": "qqqqqq"}).json()["tracks"] == []
    assert client.get("/api/v1/search", params={"q": "a", "limit": 99}).status_code == 422


def test_one_track(client: httpx.Client, some_ids: list[str]) -> None:
    track = client.get(f"/api/v1/tracks/{some_ids[0]}").json()
    assert track["track_id"] == some_ids[0]
    assert 0 <= track["features"]["energy"] <= 1
    missing = client.get(f"/api/v1/tracks/{'0' * 22}")
    assert missing.status_code == 404
    assert missing.json()["type"] == "/docs#unknown-track"
    assert client.get("/api/v1/tracks/short").status_code == 422


def test_several_tracks_in_the_order_asked(client: httpx.Client, some_ids: list[str]) -> None:
    asked = [some_ids[2], "0" * 22, some_ids[0]]
    for response in (
        client.get("/api/v1/tracks", params={"ids": ",".join(asked)}),
        client.post("/api/v1/tracks", json=asked),
    ):
        found = response.json()["tracks"]
        assert [track and track["track_id"] for track in found] == [some_ids[2], None, some_ids[0]]


def test_catalogue(client: httpx.Client) -> None:
    about = client.get("/api/v1/catalogue").json()
    assert about["tracks"] == 33826
    assert about["is_starter"]
    energy = next(feature for feature in about["features"] if feature["name"] == "energy")
    assert sum(energy["bins"]) == energy["known"] == 33826
    tempo = next(feature for feature in about["features"] if feature["name"] == "tempo")
    assert 20 <= tempo["view_low"] < 80
    assert 170 < tempo["view_high"] <= 300
    assert {genre["name"] for genre in about["genres"]} >= {"rock", "hip-hop"}


def test_examples_are_of_different_tastes(client: httpx.Client) -> None:
    examples = client.get("/api/v1/examples").json()["examples"]
    assert len(examples) >= 4
    lists = [set(example["tracks"]) for example in examples]
    for i, one in enumerate(lists):
        assert len(one) >= 8
        assert all(len(one & other) <= 1 for other in lists[:i])


@pytest.mark.parametrize("fmt", ExportIn.model_fields["format"].annotation.__args__)  # type: ignore[union-attr]
def test_export(client: httpx.Client, some_ids: list[str], fmt: str) -> None:
    body = {"tracks": some_ids, "format": fmt, "name": 'Night/"drive"\r\nx'}
    response = client.post("/api/v1/export", json=body)
    assert response.status_code == 200
    disposition = response.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="Night')
    assert disposition.count('"') == 2
    again = client.post("/api/v1/match", json={"playlist": response.text}).json()
    assert again["found"] == len(some_ids)


def test_every_format_can_be_exported() -> None:
    assert set(ExportIn.model_fields["format"].annotation.__args__) == set(FORMATS)  # type: ignore[union-attr]


def test_nothing_to_export(client: httpx.Client) -> None:
    assert client.post("/api/v1/export", json={"tracks": ["0" * 22], "format": "csv"}).status_code == 404


def test_map(client: httpx.Client, some_ids: list[str]) -> None:
    response = client.get("/api/v1/map")
    while response.status_code == 503:  # being drawn
        response = client.get("/api/v1/map")
    assert len(response.content) == 33826 * 4
    assert len(client.get("/api/v1/map/colours/energy").content) == 33826
    years = client.get("/api/v1/map/colours/year").content
    assert years.count(255) == 4790, "of one source no year is known but that of another version"
    assert client.get("/api/v1/map/colours/nonsense").status_code == 422
    rows = client.post("/api/v1/map/rows", json=[some_ids[0], "0" * 22]).json()
    assert rows[1] == -1
    assert client.get(f"/api/v1/map/rows/{rows[0]}").json()["track_id"] == some_ids[0]
    assert client.get("/api/v1/map/rows/33826").status_code == 404


def test_the_page_and_its_parts(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.headers["cache-control"] == "private, no-cache"
    assert "segue" in page.text
    assert "http" not in page.text.replace("http://www.w3.org", ""), "nothing of another host"
    assert client.get("/favicon.svg").status_code == 200
    assert client.get("/static/../application.py").status_code == 404
    assert client.get("/static/%2e%2e/application.py").status_code == 404


def test_is_it_there(client: httpx.Client) -> None:
    for path in ("/", "/docs"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def test_localhost_is_sent_to_where_spotify_comes_back(client: httpx.Client) -> None:
    response = client.get("/", headers={"host": "localhost:8765"})
    assert response.status_code == 307
    assert response.headers["location"] == "http://127.0.0.1:8765/"


def test_health_and_metrics(client: httpx.Client) -> None:
    assert client.get("/api/health").json() == {"status": "ok"}
    assert client.get("/api/ready").json() == {"status": "ok"}
    text = client.get("/api/metrics").text
    assert 'segue_http_requests_total{route="/api/health",status="200"}' in text
    assert "segue_catalogue_tracks 33826" in text
