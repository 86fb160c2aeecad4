from pathlib import Path

import httpx
import pytest

from segue.catalogue.store import Catalogue
from segue.errors import InputError
from segue.explore.profile import artist_hash
from segue.types import Track
from segue.web.spotify_ids import derive_id
from segue.web.spotify_search import Search


def search(client: httpx.Client, **query: object) -> dict[str, dict[str, object]]:
    response = client.get("/v1/search", params=query)  # type: ignore[arg-type]
    assert response.status_code == 200, response.text
    found: dict[str, dict[str, object]] = response.json()
    return found


def names(page: dict[str, object]) -> list[str]:
    items = page["items"]
    assert isinstance(items, list)
    return [item["name"] for item in items]


def test_tracks_and_artists(client: httpx.Client) -> None:
    found = search(client, q="metallica", type="track,artist", limit=50)
    assert list(found) == ["tracks", "artists"]
    assert "Enter Sandman" in names(found["tracks"])
    assert names(found["artists"]) == ["Metallica"]
    assert list(search(client, q="metallica", type="artist")) == ["artists"]


def test_pages_join_without_a_gap(client: httpx.Client) -> None:
    whole = search(client, q="a", type="track", limit=50)["tracks"]
    first = search(client, q="a", type="track", limit=20)["tracks"]
    second = client.get(str(first["next"])).json()["tracks"]
    assert [*names(first), *names(second)] == names(whole)[:40]
    assert client.get(second["previous"]).json()["tracks"] == first
    assert first["previous"] is None
    total = int(str(whole["total"]))
    assert total == int(str(first["total"])) > 50
    last = search(client, q="a", type="track", limit=50, offset=total - 1)["tracks"]
    assert (len(names(last)), last["next"]) == (1, None)


def test_an_artist_leads_to_its_tracks_and_back(client: httpx.Client) -> None:
    (artist,) = client.get("/v1/search?q=artist:metallica&type=artist").json()["artists"]["items"]
    assert client.get(artist["href"]).json() == artist
    tracks = client.get(f"{artist['href']}/top-tracks", params={"market": "DE"}).json()["tracks"]
    assert 1 <= len(tracks) <= 10
    assert {track["artists"][0]["id"] for track in tracks} == {artist["id"]}
    popular = [track["popularity"] for track in tracks]
    assert popular == sorted(popular, reverse=True)
    assert artist["popularity"] == popular[0]
    assert artist["genres"]
    assert artist["external_urls"] == {}


def test_head_and_allow(client: httpx.Client) -> None:
    (artist,) = client.get("/v1/search?q=artist:metallica&type=artist").json()["artists"]["items"]
    for path in (
        "/v1/search?q=a&type=track",
        f"/v1/artists/{artist['id']}",
        f"/v1/artists/{artist['id']}/top-tracks",
    ):
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == client.get(path).headers["content-length"]
        assert head.headers["cache-control"] == "no-store"
        refused = client.post(path)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
        assert refused.json()["error"]["status"] == 405


def test_an_id_of_no_name_is_nobodys(client: httpx.Client) -> None:
    for hashed in (0, artist_hash("")):
        assert client.get(f"/v1/artists/{derive_id('artist', hashed)}").status_code == 404


@pytest.mark.parametrize("path", ["", "/top-tracks"])
@pytest.mark.parametrize(
    ("artist", "status"),
    [("4NHQUGzhtTLFvgF5SZesLK", 404), (derive_id("artist", 12345), 404), ("short", 400)],
)
def test_artists_that_are_not_there(client: httpx.Client, artist: str, status: int, path: str) -> None:
    response = client.get(f"/v1/artists/{artist}{path}")
    assert response.status_code == status
    assert set(response.json()["error"]) == {"status", "message"}
    assert response.json()["error"]["status"] == status


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "a"},
        {"type": "track"},
        {"q": " ", "type": "track"},
        {"q": "a", "type": ""},
        {"q": "a", "type": "track,playlist"},
        {"q": "a", "type": "track", "limit": "0"},
        {"q": "a", "type": "track", "limit": "51"},
        {"q": "a", "type": "track", "offset": "1001"},
        {"q": "year:soon", "type": "track"},
    ],
)
def test_errors_in_spotifys_shape(client: httpx.Client, query: dict[str, str]) -> None:
    response = client.get("/v1/search", params=query)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["status"] == 400


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    path = tmp_path / "catalogue.sqlite"
    with Catalogue.create(path) as made:
        made.upsert(
            [
                Track("A" * 22, "Blue Train", ("John Coltrane",), album="Blue Train", release_date="1958",
                      isrc="USBN20300001", genre="jazz", popularity=50),
                Track("B" * 22, "Giant Steps", ("John Coltrane", "Paul Chambers"), album="Giant Steps",
                      release_date="1960", genre="jazz", popularity=60),
                Track("C" * 22, "Blue Monday", ("New Order",), release_date="1983", genre="dance"),
                Track("isrc:GBUM71029604", "Blue Note", ("Nobody At Spotify",)),
            ]
        )  # fmt: skip
    return Catalogue.open(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("blue", "AC"),
        ("artist:coltrane", "BA"),
        ("artist:john coltrane giant", "B"),
        ('artist:"john coltrane" track:blue', "A"),
        ("track:coltrane", ""),
        ("album:train coltrane", "A"),
        ("genre:jazz", "BA"),
        ("genre:Jazz year:1960", "B"),
        ("blue year:1950-1959", "A"),
        ("blue year:1983", "C"),
        ("isrc:USBN20300001", "A"),
        ("isrc:nonsense", ""),
        ("isrc:USBN20300001 artist:order", ""),
    ],
)
def test_filters(catalogue: Catalogue, text: str, expected: str) -> None:
    with catalogue:
        assert [track.track_id[0] for track in Search.read(text).find(catalogue)] == [*expected]


def test_artists_are_those_whose_names_hold_the_words(catalogue: Catalogue) -> None:
    with catalogue:
        for text, expected in (("john", ["John Coltrane"]), ("blue", []), ("artist:order", ["New Order"])):
            wanted = Search.read(text)
            assert wanted.find_artists(wanted.find(catalogue)) == expected
    with pytest.raises(InputError, match="empty"):
        Search.read('artist:""')
