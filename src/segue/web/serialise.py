"""Our values as the shapes of the HTTP API."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from segue.explore.examples import Example
from segue.explore.profile import FeatureProfile
from segue.playlists.json import track_to_json
from segue.result import entry_to_json
from segue.types import Match, Playlist, Recommendation, Track
from segue.web.schemas import (
    ExampleOut,
    FeatureOut,
    GenreOut,
    TrackOut,
)

SAMPLE = 4  # tracks of an example that are shown before it is chosen

# `model_construct` leaves out the validation of what we made ourselves: a thousand picks would pay for it.


def track_out(track: Track) -> TrackOut:
    """Return one track."""
    return TrackOut.model_construct(**track_to_json(track))


def pick_to_json(pick: Recommendation) -> dict[str, Any]:
    """Return one pick as plain values in the shape of `PickOut`, with its scores and reasons.

    An answer holds up to a thousand; making models of them took longer than all else around a recommendation.
    """
    return {
        **track_to_json(pick.track),
        "retrieval_score": round(float(pick.retrieval_score), 5),
        "ranking_score": round(float(pick.ranking_score), 5),
        "song_year": pick.song_year,
        "reasons": [
            {"kind": reason.kind, "text": reason.text, "seeds": reason.seeds} for reason in pick.reasons
        ],
    }


def feature_out(profile: FeatureProfile) -> FeatureOut:
    """Return a feature and how the catalogue spreads over it."""
    feature = profile.feature
    return FeatureOut(
        name=feature.name,
        unit=feature.unit,
        about=feature.about,
        low=feature.low,
        high=feature.high,
        integer=feature.integer,
        known=profile.known,
        bins=list(profile.bins),
        view_low=profile.view_low,
        view_high=profile.view_high,
    )


def genres_out(genres: Mapping[str, int]) -> list[GenreOut]:
    """Return how many tracks carry each genre."""
    return [GenreOut(name=name, tracks=count) for name, count in genres.items()]


def example_out(example: Example) -> ExampleOut:
    """Return a playlist to try: all its ids, and its first tracks in full."""
    return ExampleOut(
        name=example.taste.name,
        description=example.taste.description,
        tracks=[track.track_id for track in example.tracks],
        sample=[track_out(track) for track in example.tracks[:SAMPLE]],
    )


def matches_to_json(playlist: Playlist, matches: Sequence[Match]) -> dict[str, Any]:
    """Return how a whole playlist was found, as plain values in the shape of `MatchesOut`."""
    found = sum(bool(match.tracks) for match in matches)
    return {
        "name": playlist.name,
        "found": found,
        "missing": len(matches) - found,
        "skipped": list(playlist.skipped[:200]),
        "entries": [entry_to_json(match) for match in matches],
    }


def found_tracks(matches: Iterable[Match]) -> tuple[Track, ...]:
    """Return the tracks that were found, each once, in order."""
    found = {track.track_id: track for match in matches for track in match.tracks}
    return tuple(found.values())
