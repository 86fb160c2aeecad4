"""The drop-in's search and artists: what clients of recommendations ask for besides."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse

from segue.errors import InputError
from segue.explore.profile import artist_hash
from segue.types import Track
from segue.web.engine import Engine
from segue.web.problems import UnknownArtistError
from segue.web.routes.answers import Responses
from segue.web.routes.spotify_compat import (
    ERRORS,
    MARKET,
    OBJECT,
    OBJECTS,
    base_of,
    check_id,
    describe_object,
)
from segue.web.routes.spotify_compat import router as compat
from segue.web.service import Service, ServiceDep
from segue.web.spotify_compat import Json, full_artist_object, track_object
from segue.web.spotify_ids import derive_id
from segue.web.spotify_search import Artist, Search, describe_artist, find_artist

router = APIRouter(prefix="/v1", tags=compat.tags, responses=ERRORS)
TYPES = ("track", "artist")
EXAMPLE_ARTIST = derive_id("artist", artist_hash("Metallica"))
NOT_FOUND: Responses = {404: {**ERRORS[400], "description": "No artist of this catalogue has this id."}}
EXTERNAL = {
    **MARKET,
    "name": "include_external",
    "description": "Accepted, and without effect: the catalogue links to no sound elsewhere.",
}
PAGE = {
    "type": "object",
    "required": ["href", "items", "limit", "next", "offset", "previous", "total"],
    "properties": {"items": OBJECTS, "total": {"type": "integer"}},
}
FOUND: Responses = {
    200: {
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"tracks": PAGE, "artists": PAGE}}
            }
        }
    }
}


def _read_types(text: str) -> list[str]:
    types = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [kind for kind in types if kind not in TYPES]
    if wrong or not types:
        raise InputError(f"type: expected {' or '.join(TYPES)}, or both with a comma, got {text[:60]!r}")
    return types


def _search(engine: Engine, search: Search, page: slice) -> tuple[list[Track], list[str], list[Artist]]:
    """Return all tracks and the names of all artists that a search means, and the artists of one page."""
    with engine.held() as generation:
        tracks = search.find(generation.recommender.catalogue)
        names = search.find_artists(tracks)
        artists = [describe_artist(generation, artist_hash(name)) for name in names[page]]
    return tracks, names, [artist for artist in artists if artist is not None]


def _page(request: Request, items: Sequence[Json], total: int, page: slice) -> Json:
    """Return a paging object; its links lead to the pages before and after."""
    limit = page.stop - page.start

    def link(offset: int) -> str:
        query = {**request.query_params, "limit": limit, "offset": offset}
        return f"{base_of(request)}/v1/search?{urlencode(query)}"

    return {
        "href": link(page.start),
        "items": list(items),
        "limit": limit,
        "next": link(page.stop) if page.stop < total else None,
        "offset": page.start,
        "previous": link(max(0, page.start - limit)) if page.start else None,
        "total": total,
    }


@router.get("/search/", include_in_schema=False)
@router.get(
    "/search",
    summary="Search tracks and artists",
    responses=FOUND,
    openapi_extra={"parameters": [MARKET, EXTERNAL]},
)
async def get_search(
    request: Request,
    service: ServiceDep,
    q: Annotated[
        str,
        Query(
            max_length=400,
            description="Beginnings of words of title and artist; filters `track:`, `artist:`, `album:`, "
            "`genre:`, `year:1999` or `year:1990-1999`, `isrc:`.",
            examples=["artist:Metallica year:1990-1999"],
        ),
    ],
    types: Annotated[
        str,
        Query(alias="type", max_length=100, description="`track`, `artist`, or both.", examples=["track"]),
    ],
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
    offset: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> JSONResponse:
    """Return a page of tracks, of artists, or of both, most popular first; the first 1,000 can be reached.

    An artist is found who is first-named on a track, and whose name holds the words.
    """
    kinds, page = _read_types(types), slice(offset, offset + limit)
    tracks, names, artists = await service.engine.look_up(_search, service.engine, Search.read(q), page)
    base = base_of(request)
    pages = {
        "track": lambda: _page(
            request, [track_object(each, base) for each in tracks[page]], len(tracks), page
        ),
        "artist": lambda: _page(
            request, [full_artist_object(each, base) for each in artists], len(names), page
        ),
    }
    return JSONResponse({f"{kind}s": pages[kind]() for kind in kinds})


def _find(engine: Engine, artist_id: str) -> Artist | None:
    with engine.held() as generation:
        return find_artist(generation, artist_id)


async def _get_one(service: Service, artist_id: str) -> Artist:
    artist = await service.engine.look_up(_find, service.engine, check_id(artist_id))
    if artist is None:
        raise UnknownArtistError(f"the catalogue holds no artist {artist_id}")
    return artist


ArtistIdPath = Annotated[
    str,
    Path(description="The id of an artist, as it stands in a track.", examples=[EXAMPLE_ARTIST]),
]


@router.get(
    "/artists/{artist_id}",
    summary="One artist",
    responses=describe_object(id={"type": "string"}, name={"type": "string"}, genres={"type": "array"},
                              followers=OBJECT, popularity={"type": "integer"}) | NOT_FOUND,
)  # fmt: skip
async def get_artist(request: Request, service: ServiceDep, artist_id: ArtistIdPath) -> JSONResponse:
    """Return an artist who is first-named on a track of this catalogue."""
    return JSONResponse(full_artist_object(await _get_one(service, artist_id), base_of(request)))


@router.get(
    "/artists/{artist_id}/top-tracks",
    summary="The most popular tracks of an artist",
    responses=describe_object(tracks=OBJECTS) | NOT_FOUND,
    openapi_extra={"parameters": [MARKET]},
)
async def get_top_tracks(request: Request, service: ServiceDep, artist_id: ArtistIdPath) -> JSONResponse:
    """Return up to ten tracks."""
    artist, base = await _get_one(service, artist_id), base_of(request)
    return JSONResponse({"tracks": [track_object(track, base) for track in artist.tracks]})
