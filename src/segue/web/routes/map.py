"""The map of the catalogue: points as bytes, which a browser puts to use without parsing."""

import asyncio
from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Body, Path, Request, Response
from numpy.typing import NDArray

from segue.explore import map as atlas
from segue.web.caching import to_answer
from segue.web.engine import Generation
from segue.web.problems import ServerBusyError, UnknownTrackError
from segue.web.routes.answers import COMMON, INPUT, Responses, problem
from segue.web.schemas import EXAMPLE_IDS, MAX_IDS, TrackId, TrackOut
from segue.web.serialise import track_out
from segue.web.service import Service, ServiceDep

router = APIRouter(prefix="/api/v1/map", tags=["Map"], responses=COMMON | {422: INPUT[422]})
MEDIA_TYPE = "application/octet-stream"
BYTES: Responses = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    304: {"description": "The client has it already, as its `If-None-Match` says."},
}
Colour = Literal["energy", "valence", "danceability", "acousticness", "tempo", "year", "popularity"]
UNKNOWN = 255
PATIENCE = 5.0


def _key(generation: Generation) -> str:
    """Return what a map belongs to: the catalogue as it is, and the model that lays it out."""
    recommender = generation.recommender
    return atlas.map_key(recommender.revision, recommender.encoder.bundle.key)


def _load_or_draw(service: Service, generation: Generation) -> atlas.Atlas:
    recommender, facts = generation.recommender, generation.facts
    embeddings = recommender.tables.embeddings
    folder = service.settings.data_dir / "maps"
    key = _key(generation)
    found = atlas.load(folder, key, len(embeddings))
    if found is None:
        found = atlas.draw(embeddings, energy=facts.column("energy"), valence=facts.column("valence"))
        atlas.save(found, folder, key)
    return found


async def get_atlas(service: Service, generation: Generation) -> atlas.Atlas:
    """Return the map of a generation; it is loaded or drawn once, on a thread of its own.

    Raises
    ------
    ServerBusyError
        While the map is being drawn: at 300,000 tracks that takes longer than a client should wait.

    """
    facts = generation.facts
    if facts.atlas is None:
        facts.atlas = asyncio.ensure_future(asyncio.to_thread(_load_or_draw, service, generation))
    done, _ = await asyncio.wait({facts.atlas}, timeout=PATIENCE)
    if not done:
        raise ServerBusyError("the map of this catalogue is being drawn", retry_after=2)
    return facts.atlas.result()


@router.get("", summary="Where every track lies", response_class=Response, responses=BYTES)
async def get_map(request: Request, service: ServiceDep) -> Response:
    """Return N x-coordinates and then N y-coordinates, each an unsigned 16-bit integer, little-endian.

    The position in the array is the row of a track; `/api/v1/map/rows` tells which tracks lie where. The
    `ETag` stays the same until the catalogue or the model changes.
    """
    with service.engine.held() as generation:
        points, key = (await get_atlas(service, generation)).points, _key(generation)
        number = generation.number
    # All x before all y: each half is one typed array.
    data = np.ascontiguousarray(points.T, dtype="<u2").tobytes()
    answer = await asyncio.to_thread(to_answer, request.headers, data, key, MEDIA_TYPE)
    answer.headers["x-generation"] = str(number)
    return answer


def _to_bytes(values: NDArray[np.float32]) -> bytes:
    """Return the values as 0..254 by rank, so that no outlier flattens the rest; 255: unknown."""
    known = np.isfinite(values)
    shades = np.full(len(values), UNKNOWN, np.uint8)
    if known.any():
        edges = np.quantile(values[known], np.linspace(0, 1, 256)[1:-1])
        shades[known] = np.searchsorted(edges, values[known]).clip(0, 254).astype(np.uint8)
    return shades.tobytes()


def _shades(service: Service, name: str) -> tuple[bytes, str]:
    with service.engine.held() as generation:
        return _to_bytes(generation.facts.column(name)), f"{_key(generation)}-{name}"


@router.get("/colours/{name}", summary="A value of every track", response_class=Response, responses=BYTES)
async def get_colours(request: Request, service: ServiceDep, name: Colour) -> Response:
    """Return one byte a track: the rank of its value from 0 to 254, 255 where it is not known."""
    data, key = await service.engine.look_up(_shades, service, name)
    return await asyncio.to_thread(to_answer, request.headers, data, key, MEDIA_TYPE)


def _rows(service: Service, track_ids: list[str]) -> list[int]:
    with service.engine.held() as generation:
        return [int(row) for row in generation.recommender.catalogue.find_rows(track_ids)]


@router.post("/rows", summary="Which rows tracks have", responses=INPUT)
async def post_rows(
    service: ServiceDep,
    ids: Annotated[list[TrackId], Body(min_length=1, max_length=MAX_IDS, examples=[EXAMPLE_IDS])],
) -> list[int]:
    """Return the row of each id, -1 for one that the catalogue does not hold."""
    return await service.engine.look_up(_rows, service, ids)


def _at_row(service: Service, row: int) -> TrackOut:
    with service.engine.held() as generation:
        if row >= generation.size:
            raise UnknownTrackError(f"row: expected 0 to {generation.size - 1}, got {row}")
        return track_out(generation.recommender.catalogue.get_tracks([row])[0])


@router.get(
    "/rows/{row}",
    summary="Which track lies there",
    responses={404: problem("No track lies there."), 422: INPUT[422]},
)
async def get_row(service: ServiceDep, row: Annotated[int, Path(ge=0, le=1 << 40)]) -> TrackOut:
    """Return the track of a row."""
    return await service.engine.look_up(_at_row, service, row)
