"""The catalogue: search, tracks, what it is like, and playlists to try it with."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query

from segue.explore.examples import find_examples, is_starter
from segue.ids import SPOTIFY_PATTERN
from segue.types import Track
from segue.web.engine import Engine
from segue.web.problems import UnknownTrackError
from segue.web.routes.answers import COMMON, INPUT, problem
from segue.web.schemas import (
    EXAMPLE_IDS,
    MAX_IDS,
    TRACK_ID,
    CatalogueOut,
    ExampleOut,
    ExamplesOut,
    SearchOut,
    TrackId,
    TrackOut,
    TracksOut,
)
from segue.web.serialise import example_out, feature_out, genres_out, track_out
from segue.web.service import Service, ServiceDep

router = APIRouter(prefix="/api/v1", tags=["Catalogue"], responses=COMMON | {422: INPUT[422]})
MAX_QUERY_IDS = 200
# In a query, a comma parts ids; one that holds a comma is asked for by POST.
_ONE_ID = rf"(?:{SPOTIFY_PATTERN}|[a-z][a-z0-9]{{1,19}}:[^\s,](?:[^\n,]{{0,198}}[^\s,])?)"


def _search(engine: Engine, text: str, limit: int) -> list[Track]:
    with engine.held() as generation:
        return generation.recommender.catalogue.search(text, limit=limit)


@router.get("/search", summary="Search the catalogue")
async def get_search(
    service: ServiceDep,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Beginnings of words of title and artist.",
            examples=["enter sand"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SearchOut:
    """Return tracks whose title or artist begin with the words given, most popular first."""
    found = await service.engine.look_up(_search, service.engine, q, limit)
    return SearchOut.model_construct(tracks=[track_out(track) for track in found])


def find_tracks(engine: Engine, track_ids: Sequence[str]) -> list[Track | None]:
    """Return the track of each id; None where the catalogue in service does not hold it."""
    with engine.held() as generation:
        catalogue = generation.recommender.catalogue
        rows = catalogue.find_rows(track_ids)
        found = catalogue.get_tracks([int(row) for row in rows if row >= 0])
        by_id = {track.track_id: track for track in found}
    return [by_id.get(track_id) for track_id in track_ids]


@router.get(
    "/tracks/{track_id}", summary="One track and its features", responses={404: problem("No such track.")}
)
async def get_track(
    service: ServiceDep,
    track_id: Annotated[
        str, Path(pattern=TRACK_ID, description="The id of a track.", examples=EXAMPLE_IDS[:1])
    ],
) -> TrackOut:
    """Return a track of the catalogue with its audio features."""
    (found,) = await service.engine.look_up(find_tracks, service.engine, [track_id])
    if found is None:
        raise UnknownTrackError(f"the catalogue holds no track {track_id}")
    return track_out(found)


@router.get("/tracks", summary="Several tracks and their features")
async def get_tracks(
    service: ServiceDep,
    ids: Annotated[
        str,
        Query(
            pattern=f"^{_ONE_ID}(?:,{_ONE_ID})*$",
            max_length=23 * MAX_QUERY_IDS,
            description=f"Ids with commas between them, at most {MAX_QUERY_IDS}.",
            examples=[",".join(EXAMPLE_IDS)],
        ),
    ],
) -> TracksOut:
    """Return tracks in the order asked; null where the catalogue does not hold one."""
    found = await service.engine.look_up(find_tracks, service.engine, ids.split(",")[:MAX_QUERY_IDS])
    return TracksOut.model_construct(tracks=[track_out(track) if track else None for track in found])


@router.post("/tracks", summary="Many tracks and their features", responses=INPUT)
async def post_tracks(
    service: ServiceDep,
    ids: Annotated[list[TrackId], Body(min_length=1, max_length=MAX_IDS, examples=[EXAMPLE_IDS])],
) -> TracksOut:
    """Return the same for a JSON list of ids, for more of them than an address can hold."""
    found = await service.engine.look_up(find_tracks, service.engine, ids)
    return TracksOut.model_construct(tracks=[track_out(track) if track else None for track in found])


def _describe(service: Service) -> CatalogueOut:
    with service.engine.held() as generation:
        catalogue, facts = generation.recommender.catalogue, generation.facts
        return CatalogueOut(
            name=catalogue.path.stem,
            tracks=generation.size,
            revision=catalogue.revision,
            generation=generation.number,
            model=generation.recommender.model_name,
            is_starter=is_starter(service.settings, catalogue),
            features=[feature_out(profile) for profile in facts.features],
            genres=genres_out(facts.genres),
            years=facts.years,
        )


@router.get("/catalogue", summary="What the catalogue holds")
async def get_catalogue(service: ServiceDep) -> CatalogueOut:
    """Return how large the catalogue is, and how its tracks spread over features, genres and years."""
    return await service.engine.look_up(_describe, service)


def _examples(service: Service) -> list[ExampleOut]:
    with service.engine.held() as generation:
        found = find_examples(generation.recommender.catalogue, generation.facts)
    return [example_out(example) for example in found]


@router.get("/examples", summary="Playlists to try")
async def get_examples(service: ServiceDep) -> ExamplesOut:
    """Return the example playlists, with those of their tracks that this catalogue holds."""
    return ExamplesOut(examples=await service.engine.look_up(_examples, service))
