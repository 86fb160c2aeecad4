from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from segue.catalogue.store import Catalogue
from segue.features import AUDIO_NAMES
from segue.recommender import Recommender
from segue.types import Track
from segue.web.spotify_compat import features_object
from segue.web.spotify_compat_query import TUNABLE, read_bounds, read_limit, read_seeds
from segue.web.spotify_ids import derive_id
from serving.fixtures import MODEL, StartServer


def recommend(client: httpx.Client, **query: object) -> dict[str, list[dict[str, object]]]:
    response = client.get("/v1/recommendations", params=query)  # type: ignore[arg-type]
    assert response.status_code == 200, response.text
    answer: dict[str, list[dict[str, object]]] = response.json()
    return answer


def test_twenty_by_default(client: httpx.Client, some_ids: list[str]) -> None:
    answer = recommend(client, seed_tracks=",".join(some_ids[:5]))
    assert len(answer["tracks"]) == 20
    assert len(answer["seeds"]) == 5
    assert not {track["id"] for track in answer["tracks"]} & set(some_ids[:5])
    href = str(answer["seeds"][0]["href"])
    assert href.endswith(f"/v1/tracks/{some_ids[0]}")
    assert client.get(href).json()["id"] == some_ids[0]


def test_sizes_are_true(client: httpx.Client, some_ids: list[str]) -> None:
    """The sizes are what asking for everything would bring."""
    bounds = {"min_tempo": 120, "max_energy": 0.35}
    seed = recommend(client, seed_tracks=some_ids[0], **bounds)["seeds"][0]
    tracks = client.post(
        "/api/v1/recommendations",
        json={
            "tracks": [some_ids[0]],
            "n": 1000,
            "controls": {
                "minimum": {"tempo": 120},
                "maximum": {"energy": 0.35},
                "max_per_artist": None,
                "one_version": False,
            },
        },
    ).json()["tracks"]
    assert seed["afterFilteringSize"] == len(tracks)
    assert seed["afterRelinkingSize"] == seed["afterFilteringSize"]
    assert 33700 < int(str(seed["initialPoolSize"])) < 33826


def test_artists_by_the_ids_that_our_tracks_carry(client: httpx.Client) -> None:
    found = client.get("/api/v1/search", params={"q": "metallica enter"}).json()["tracks"][0]
    track = client.get(f"/v1/tracks/{found['track_id']}").json()
    artist = track["artists"][0]
    assert artist["name"] == "Metallica"
    answer = recommend(client, seed_artists=artist["id"], limit=10)
    assert answer["seeds"][0]["type"] == "artist"
    assert int(str(answer["seeds"][0]["initialPoolSize"])) > 5000
    assert len(answer["tracks"]) == 10


def test_unknown_seeds_have_no_pool(client: httpx.Client, some_ids: list[str]) -> None:
    theirs, nobody = "4NHQUGzhtTLFvgF5SZesLK", derive_id("artist", 12345)
    answer = recommend(client, seed_artists=f"{theirs},{nobody}", seed_tracks="0" * 22, seed_genres="polka")
    assert [seed["initialPoolSize"] for seed in answer["seeds"]] == [0, 0, 0, 0]
    assert answer["tracks"] == []
    mixed = recommend(client, seed_artists=theirs, seed_tracks=some_ids[0], limit=3)
    assert len(mixed["tracks"]) == 3


def test_genres(client: httpx.Client) -> None:
    genres = client.get("/v1/recommendations/available-genre-seeds").json()["genres"]
    assert genres == sorted(genres)
    assert {"rock", "country"} <= set(genres)
    answer = recommend(client, seed_genres="country", limit=5)
    assert answer["seeds"] == [
        {
            "initialPoolSize": answer["seeds"][0]["initialPoolSize"],
            "afterFilteringSize": answer["seeds"][0]["initialPoolSize"],
            "afterRelinkingSize": answer["seeds"][0]["initialPoolSize"],
            "id": "country",
            "type": "genre",
            "href": None,
        }
    ]
    (seed,) = recommend(client, seed_genres="Country", limit=5)["seeds"]
    assert seed["initialPoolSize"] == answer["seeds"][0]["initialPoolSize"] != 0, "in any case"


def test_every_tunable_attribute(client: httpx.Client, some_ids: list[str]) -> None:
    for name, feature in TUNABLE.items():
        middle = (feature.low + feature.high) / 2
        for prefix, value in (("min_", feature.low), ("max_", feature.high), ("target_", middle)):
            query = {"seed_tracks": some_ids[0], "limit": 3, f"{prefix}{name}": value}
            assert len(recommend(client, **query)["tracks"]) == 3, f"{prefix}{name}"


def test_bounds_hold_and_targets_draw(client: httpx.Client, some_ids: list[str]) -> None:
    seeds = ",".join(some_ids[:3])
    popular = recommend(client, seed_tracks=seeds, limit=20, target_popularity=90, min_popularity=30)
    other = recommend(client, seed_tracks=seeds, limit=20, target_popularity=31, min_popularity=30)
    mean = [sum(int(str(t["popularity"])) for t in a["tracks"]) / 20 for a in (popular, other)]
    assert mean[0] > mean[1]
    assert all(int(str(track["popularity"])) >= 30 for track in popular["tracks"])
    ids = ",".join(str(t["id"]) for t in recommend(client, seed_tracks=seeds, max_tempo=100)["tracks"])
    features = client.get("/v1/audio-features", params={"ids": ids}).json()["audio_features"]
    assert all(each["tempo"] <= 100 for each in features)


def test_bounds_that_nothing_can_meet(client: httpx.Client, some_ids: list[str]) -> None:
    answer = recommend(client, seed_tracks=some_ids[0], min_energy=1.5)
    assert answer["tracks"] == []
    assert answer["seeds"][0]["afterFilteringSize"] == 0


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"seed_tracks": "a"},
        {"seed_tracks": ",".join(["0" * 22] * 6)},
        {"seed_artists": "nobody"},
        {"seed_genres": "rock", "limit": "0"},
        {"seed_genres": "rock", "limit": "101"},
        {"seed_genres": "rock", "limit": "²"},
        {"seed_genres": "rock", "min_energy": "loud"},
        {"seed_genres": "rock", "min_energy": "nan"},
        {"seed_genres": "rock", "min_energy": ".9", "max_energy": ".1"},
    ],
)
def test_errors_in_spotifys_shape(client: httpx.Client, query: dict[str, str]) -> None:
    response = client.get("/v1/recommendations", params=query)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["status"] == 400
    assert error["message"]
    assert set(error) == {"status", "message"}


def test_several_tracks_and_features(client: httpx.Client, some_ids: list[str]) -> None:
    ids = f"{some_ids[1]},{'0' * 22},{some_ids[0]}"
    for path in ("/v1/tracks", "/v1/tracks/"):
        tracks = client.get(path, params={"ids": ids}).json()["tracks"]
        assert [track and track["id"] for track in tracks] == [some_ids[1], None, some_ids[0]]
    for path in ("/v1/audio-features", "/v1/audio-features/"):
        features = client.get(path, params={"ids": ids}).json()["audio_features"]
        assert [each and each["id"] for each in features] == [some_ids[1], None, some_ids[0]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/tracks", 400),
        ("/v1/tracks?ids=", 400),
        (f"/v1/tracks?ids={','.join(['0' * 22] * 51)}", 400),
        (f"/v1/audio-features?ids={','.join(['0' * 22] * 101)}", 400),
        ("/v1/tracks?ids=short", 400),
        ("/v1/tracks/short", 400),
        (f"/v1/tracks/{'0' * 22}", 404),
        (f"/v1/audio-features/{'0' * 22}", 404),
        ("/v1/audio-analysis/x", 404),
    ],
)
def test_refused(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.json()["error"]["status"] == status
    assert set(response.json()) == {"error"}


def test_missing_ids_are_named(client: httpx.Client) -> None:
    for path in ("/v1/tracks", "/v1/audio-features"):
        assert client.get(path).json()["error"]["message"].startswith("missing required field: ids")


def test_any_token_will_do_on_loopback(client: httpx.Client, some_ids: list[str]) -> None:
    headers = {"authorization": "Bearer whatever-a-client-sends"}
    assert client.get(f"/v1/tracks/{some_ids[0]}", headers=headers).status_code == 200


def test_reading_the_query() -> None:
    assert read_limit(None) == 20
    assert read_seeds({"seed_genres": "a,,b", "seed_artists": "c"}) == [
        ("artist", "c"),
        ("genre", "a"),
        ("genre", "b"),
    ]
    bounds = read_bounds(
        {"min_key": "3", "max_popularity": "50.5", "target_tempo": "500", "min_unknown": "x"}
    )
    controls = bounds.to_controls()
    assert controls.minimum == {"key": 3.0}
    assert controls.popularity == (None, 50)
    assert controls.target == {"tempo": 300.0}
    assert controls.order == "score"


def test_an_id_that_is_none_costs_only_its_own_features(client: httpx.Client, some_ids: list[str]) -> None:
    answer = client.get("/v1/audio-features", params={"ids": f"{some_ids[0]},nonsense,{some_ids[1]}"})
    features = answer.json()["audio_features"]
    assert [each and each["id"] for each in features] == [some_ids[0], None, some_ids[1]]


def test_features_are_whole_or_none() -> None:
    whole = Track("0" * 22, features=dict.fromkeys(AUDIO_NAMES, 1.0))
    known = features_object(whole, "")
    assert known is not None
    assert set(AUDIO_NAMES) <= set(known)
    gap = replace(whole, features={name: 1.0 for name in AUDIO_NAMES if name != "energy"})
    assert features_object(gap, "") is None


def test_a_key_a_tempo_and_a_metre_that_are_not_known_are_written_as_spotify_does() -> None:
    unknown = {"key": -1, "tempo": 0, "time_signature": 0}
    track = Track("0" * 22, features={name: 1.0 for name in AUDIO_NAMES if name not in unknown})
    answered = features_object(track, "")
    assert answered is not None
    assert {name: answered[name] for name in unknown} == unknown


def test_only_what_is_spotifys_links_to_spotify(client: httpx.Client, some_ids: list[str]) -> None:
    track = client.get(f"/v1/tracks/{some_ids[0]}").json()
    assert track["external_urls"] == {"spotify": f"https://open.spotify.com/track/{some_ids[0]}"}
    assert track["album"]["external_urls"] == {}
    assert all(artist["external_urls"] == {} for artist in track["artists"])


def test_artists_by_name(client: httpx.Client) -> None:
    answer = recommend(client, seed_artists="artist:Metallica", limit=5)
    assert len(answer["tracks"]) == 5
    assert answer["seeds"][0]["href"] is None
    assert recommend(client, seed_artists="artist:Nobody Of That Name", limit=5)["tracks"] == []


def test_a_seed_varies_the_list_and_repeats_it(client: httpx.Client, some_ids: list[str]) -> None:
    def ask(**more: int) -> list[object]:
        answer = recommend(client, seed_tracks=some_ids[0], limit=20, **more)
        return [track["id"] for track in answer["tracks"]]

    assert ask() == ask()
    assert ask(seed=1) == ask(seed=1)
    assert len({tuple(ask(seed=number)) for number in range(5)}) == 5
    assert len(set(ask(seed=1))) == 20


def test_a_catalogue_without_genres_says_so(
    client: httpx.Client, start_server: StartServer, tmp_path: Path
) -> None:
    path = "/v1/recommendations?seed_genres=rock"
    assert "x-segue-note" not in client.get(path).headers
    bare = tmp_path / "bare.sqlite"
    with Catalogue.create(bare) as catalogue:
        catalogue.upsert([Track("A" * 22, "Song", ("Nobody",), features={"energy": 0.5})])
    with start_server(opener=lambda: Recommender.open(bare, MODEL)).client() as without:
        answer = without.get(path)
        assert answer.json()["tracks"] == []
        assert answer.json()["seeds"][0]["initialPoolSize"] == 0
        assert "no genres" in answer.headers["x-segue-note"]
        genres = without.get("/v1/recommendations/available-genre-seeds")
        assert genres.json() == {"genres": []}
        assert "no genres" in genres.headers["x-segue-note"]
