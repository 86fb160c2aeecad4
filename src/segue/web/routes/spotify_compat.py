"""The endpoints that Spotify retired, with the same paths, parameters, limits, answers and errors."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse

from segue.controls import MAX_N, Controls
from segue.controls import Query as SeedQuery
from segue.errors import InvalidTrackIdError
from segue.explore.profile import artist_hash
from segue.features import Feature
from segue.ids import is_spotify_id
from segue.recommend.filters import allow
from segue.types import Track
from segue.web.disconnect import unless_hung_up
from segue.web.engine import Engine, Generation
from segue.web.problems import UnknownTrackError
from segue.web.routes.answers import Responses
from segue.web.routes.tracks import find_tracks
from segue.web.schemas import EXAMPLE_IDS
from segue.web.service import Service, ServiceDep
from segue.web.spotify_compat import Json, features_object, track_object
from segue.web.spotify_compat_query import (
    PREFIXES,
    SEED_KINDS,
    TUNABLE,
    Bounds,
    read_bounds,
    read_limit,
    read_seeds,
)
from segue.web.spotify_ids import find_hash

MAX_TRACKS, MAX_FEATURES = 50, 100
TRACKS_OF_ARTIST, TRACKS_OF_GENRE = 10, 30
NAMED = "artist:"  # before the name of an artist, where an id is expected
NO_GENRES = "this catalogue knows no genres: a genre leads nowhere; give seed_tracks or seed_artists"
VARIED_POOL = 3  # times as many candidates, when a seed of chance draws among them
POPULARITY_POOL = 4  # times as many candidates, when they are to be near a popularity


def _error(description: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["status", "message"],
                "properties": {"status": {"type": "integer"}, "message": {"type": "string"}},
            }
        },
    }
    return {"description": description, "content": {"application/json": {"schema": schema}}}


ERRORS: Responses = {
    400: _error("A parameter cannot be used."),
    401: _error("The server asks for a token."),
    421: _error("The Host header does not name this server."),
    429: _error("Too many requests from this client."),
    500: _error("An unexpected error."),
    503: _error("Too much is waiting."),
}
NOT_FOUND: Responses = {404: _error("The catalogue does not hold this track.")}
router = APIRouter(prefix="/v1", tags=["Drop-in for Spotify's retired endpoints"], responses=ERRORS)


def describe_object(**properties: Any) -> Responses:
    """Describe an answer that is an object with these properties."""
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {200: {"content": {"application/json": {"schema": schema}}}}


OBJECT = {"type": "object"}
OBJECTS = {"type": "array", "items": {"type": ["object", "null"]}}
MARKET = {
    "name": "market",
    "in": "query",
    "required": False,
    "description": "Accepted, and without effect: no market is known.",
    "schema": {"type": "string"},
}


def base_of(request: Request) -> str:
    """Return this server's address, for the links in an answer."""
    return str(request.base_url).rstrip("/")


def read_ids(text: str, most: int) -> list[str]:
    """Return the ids in a comma list.

    Raises
    ------
    InvalidTrackIdError
        When there is none, or there are more than `most`.

    """
    ids = [part.strip() for part in text.split(",") if part.strip()]
    if not ids:
        raise InvalidTrackIdError("missing required field: ids (track ids with commas between them)")
    if len(ids) > most:
        raise InvalidTrackIdError(f"too many ids requested: at most {most}, got {len(ids)}")
    return ids


def check_id(track_id: str) -> str:
    """Return the id when it has the shape of one.

    Raises
    ------
    InvalidTrackIdError
        When it has not.

    """
    if not is_spotify_id(track_id):
        raise InvalidTrackIdError(f"invalid id: expected 22 characters of base 62, got {track_id[:40]!r}")
    return track_id


async def _get_one(service: Service, track_id: str) -> Track:
    (track,) = await service.engine.look_up(find_tracks, service.engine, [check_id(track_id)])
    if track is None:
        raise UnknownTrackError(f"the catalogue holds no track {track_id}")
    return track


Ids = Annotated[
    str,
    Query(
        description="Track ids with commas between them.", max_length=10_000, examples=[",".join(EXAMPLE_IDS)]
    ),
]
TrackIdPath = Annotated[str, Path(description="The id of a track.", examples=EXAMPLE_IDS[:1])]


@router.get("/tracks/", include_in_schema=False)  # spotipy asks with the slash
@router.get(
    "/tracks",
    summary="Several tracks",
    responses=describe_object(tracks=OBJECTS),
    openapi_extra={"parameters": [MARKET]},
)
async def get_tracks(request: Request, service: ServiceDep, ids: Ids = "") -> JSONResponse:
    """Return up to 50 tracks in the order asked, null for one that the catalogue does not hold."""
    asked = [check_id(track_id) for track_id in read_ids(ids, MAX_TRACKS)]
    found = await service.engine.look_up(find_tracks, service.engine, asked)
    base = base_of(request)
    return JSONResponse({"tracks": [track_object(track, base) if track else None for track in found]})


@router.get(
    "/tracks/{track_id}",
    summary="One track",
    responses=describe_object(id={"type": "string"}, name={"type": "string"}, artists=OBJECTS, album=OBJECT)
    | NOT_FOUND,
    openapi_extra={"parameters": [MARKET]},
)
async def get_track(request: Request, service: ServiceDep, track_id: TrackIdPath) -> JSONResponse:
    """Return a track."""
    return JSONResponse(track_object(await _get_one(service, track_id), base_of(request)))


@router.get("/audio-features/", include_in_schema=False)
@router.get(
    "/audio-features",
    summary="Audio features of several tracks",
    responses=describe_object(audio_features=OBJECTS),
)
async def get_several_features(request: Request, service: ServiceDep, ids: Ids = "") -> JSONResponse:
    """Return the features of up to 100 tracks in the order asked.

    Null stands for an id that is none, a track that the catalogue does not hold, and one of which it does
    not know every feature.
    """
    found = await service.engine.look_up(find_tracks, service.engine, read_ids(ids, MAX_FEATURES))
    base = base_of(request)
    return JSONResponse(
        {"audio_features": [features_object(track, base) if track else None for track in found]}
    )


@router.get(
    "/audio-features/{track_id}",
    summary="Audio features of one track",
    responses=describe_object(id={"type": "string"}, type={"const": "audio_features"}) | NOT_FOUND,
)
async def get_one_features(request: Request, service: ServiceDep, track_id: TrackIdPath) -> JSONResponse:
    """Return the features of a track."""
    track = await _get_one(service, track_id)
    features = features_object(track, base_of(request))
    if features is None:
        raise UnknownTrackError(f"not all audio features are known of {track_id}")
    return JSONResponse(features)


def _genres(engine: Engine) -> list[str]:
    with engine.held() as generation:
        return sorted(generation.facts.genres)


@router.get(
    "/recommendations/available-genre-seeds",
    summary="Genres that can be seeds",
    responses=describe_object(genres={"type": "array", "items": {"type": "string"}}),
)
async def get_genres(service: ServiceDep) -> JSONResponse:
    """Return the genres that this catalogue knows."""
    genres = await service.engine.look_up(_genres, service.engine)
    return JSONResponse({"genres": genres}, headers={} if genres else {"X-Segue-Note": NO_GENRES})


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed of a request: what it leads to in the catalogue, and how many tracks are left for it."""

    kind: str
    text: str
    track_ids: tuple[str, ...]
    pool: int
    filtered: int

    def to_object(self, base: str) -> Json:
        """Return a RecommendationSeedObject. Relinking, which is about markets, takes nothing away here."""
        seed: Json = {
            "initialPoolSize": self.pool,
            "afterFilteringSize": self.filtered,
            "afterRelinkingSize": self.filtered,
            "id": self.text,
            "type": self.kind,
        }
        named = self.kind == "genre" or self.text.startswith(NAMED)
        return seed | {"href": None if named else f"{base}/v1/{self.kind}s/{self.text}"}


def _tracks_of(generation: Generation, kind: str, text: str) -> tuple[str, ...]:
    """Return the ids of the tracks that a seed stands for; none when the catalogue does not know it."""
    catalogue, facts = generation.recommender.catalogue, generation.facts
    if kind == "genre":
        found = facts.tracks_of_genre(text, limit=TRACKS_OF_GENRE)
        return tuple(track.track_id for track in found)
    if kind == "artist" and text.startswith(NAMED):
        return _tracks_of_artist(generation, artist_hash(text.removeprefix(NAMED)))
    check_id(text)
    if kind == "track":
        return (text,) if catalogue.find_track(text) else ()
    return _tracks_of_artist(generation, find_hash("artist", text))


def _tracks_of_artist(generation: Generation, hashed: int | None) -> tuple[str, ...]:
    if not hashed:
        return ()
    catalogue, facts = generation.recommender.catalogue, generation.facts
    rows = facts.rows_of_artist(hashed)[:TRACKS_OF_ARTIST]
    return tuple(track.track_id for track in catalogue.get_tracks([int(row) for row in rows]))


def _find_seeds(engine: Engine, asked: Sequence[tuple[str, str]], bounds: Bounds) -> list[Seed]:
    """Return each seed with its sizes: how many tracks it could lead to, all and within the bounds.

    They are counted by the very filter that a recommendation goes through, over the whole catalogue.
    """
    controls = bounds.to_controls()
    with engine.held() as generation:
        tables = generation.recommender.tables
        seeds = []
        for kind, text in asked:
            track_ids = _tracks_of(generation, kind, text)
            rows = generation.recommender.catalogue.find_rows(track_ids)
            rows = rows[rows < generation.size]  # a track may have come since the arrays were made
            sizes = (
                [int(allow(tables, rows, each, ()).sum()) for each in (Controls(), controls)]
                if len(rows)
                else [0, 0]
            )
            if bounds.is_impossible:
                sizes[1] = 0
            seeds.append(Seed(kind, text, track_ids, *sizes))
        return seeds


def _near(tracks: Sequence[Track], popularity: float, limit: int) -> list[Track]:
    """Return the best `limit` of ranked tracks when nearness to a popularity weighs as much as the rank."""
    cost = {
        track.track_id: rank / len(tracks) + abs((track.popularity or 0) - popularity) / 100
        for rank, track in enumerate(tracks)
    }
    return sorted(tracks, key=lambda track: cost[track.track_id])[:limit]


def _draw(tracks: Sequence[Track], chance: int, limit: int) -> list[Track]:
    """Return `limit` of ranked tracks in their order, drawn at random; the better ones are the likelier.

    Each gets a random key to the power of 1 / its weight, and the highest keys win (Efraimidis and Spirakis,
    "Weighted random sampling with a reservoir", 2006). The weight falls to a third at the end of the list.
    """
    rng = random.Random(chance)
    keys = [rng.random() ** (1 + 2 * rank / len(tracks)) for rank in range(len(tracks))]
    drawn = sorted(range(len(tracks)), key=lambda rank: -keys[rank])[:limit]
    return [tracks[rank] for rank in sorted(drawn)]


async def _recommend(
    service: Service, seeds: Sequence[Seed], bounds: Bounds, limit: int, chance: int | None
) -> list[Track]:
    track_ids = tuple(dict.fromkeys(track_id for seed in seeds for track_id in seed.track_ids))
    if not track_ids or bounds.is_impossible:
        return []
    aim = bounds.target.get("popularity")
    varied = limit if chance is None else limit * VARIED_POOL
    count = varied if aim is None else varied * POPULARITY_POOL
    tracks = await _pick(service, track_ids, bounds.to_controls(), count)
    if aim is not None:
        tracks = _near(tracks, aim, varied)
    return tracks if chance is None else _draw(tracks, chance, limit)


async def _pick(service: Service, track_ids: tuple[str, ...], controls: Controls, count: int) -> list[Track]:
    """Return `count` picks that Spotify knows: its clients can do nothing with an id of another kind."""
    asked = count
    while True:
        result = await service.engine.recommend(SeedQuery(track_ids, asked, controls))
        tracks = [pick.track for pick in result.tracks if is_spotify_id(pick.track_id)]
        if len(tracks) >= count or len(result.tracks) < asked or asked >= MAX_N:
            return tracks[:count]
        asked = min(2 * asked, MAX_N)


def _parameters() -> list[dict[str, Any]]:
    """Describe for the OpenAPI file what is read out of the query by hand."""

    def describe_seed(name: str, kind: str) -> dict[str, Any]:
        text = f"Ids of {kind}s" if kind != "genre" else "Genres"
        schema: Json = {"type": "string", "description": f"{text} with commas between them."}
        if kind == "track":
            schema["examples"] = EXAMPLE_IDS[:1]
        return {"name": name, "in": "query", "required": False, "schema": schema}

    def describe(prefix: str, feature: Feature) -> dict[str, Any]:
        schema = {"type": "number", "description": f"{feature.about}, {feature.low:g} to {feature.high:g}"}
        return {"name": prefix + feature.name, "in": "query", "required": False, "schema": schema}

    tunable = [describe(prefix, feature) for feature in TUNABLE.values() for prefix in PREFIXES]
    return [*(describe_seed(name, kind) for name, kind in SEED_KINDS.items()), MARKET, *tunable]


@router.get(
    "/recommendations",
    summary="Recommendations from up to five seeds",
    responses=describe_object(seeds=OBJECTS, tracks=OBJECTS),
    openapi_extra={"parameters": _parameters()},
)
async def get_recommendations(
    request: Request,
    service: ServiceDep,
    limit: Annotated[str, Query(max_length=40, description="1 to 100.")] = "20",
    seed: Annotated[
        int | None,
        Query(ge=0, lt=1 << 63, description="Varies the list; the same number gives the same list again."),
    ] = None,
) -> JSONResponse:
    """Return tracks in the spirit of the seeds, and for each seed how many there were to choose from.

    Artists are known by the ids that this server's own tracks carry, or as `artist:NAME`; genres by the
    names that `available-genre-seeds` lists. A seed that the catalogue does not know has sizes of 0.
    """
    query = request.query_params
    asked, bounds, count = read_seeds(query), read_bounds(query), read_limit(limit)
    seeds = await service.engine.look_up(_find_seeds, service.engine, asked, bounds)
    tracks = await unless_hung_up(request, _recommend(service, seeds, bounds, count, seed))
    base = base_of(request)
    genres = await service.engine.look_up(_genres, service.engine) if "seed_genres" in query else None
    return JSONResponse(
        {
            "seeds": [seed.to_object(base) for seed in seeds],
            "tracks": [track_object(track, base) for track in tracks],
        },
        headers={} if genres != [] else {"X-Segue-Note": NO_GENRES},
    )
