"""AcousticBrainz's low-level documents: what they say of a recording that a catalogue has a field for.

Read are the recording's MusicBrainz id, title, artists, album, date, genre, length, tempo, key and mode. Its
`danceability` (0 to about 3), `average_loudness` (0 to 1) and the probabilities of its high-level models have
scales of their own, and it knows nothing like energy or valence: those stay unknown.
"""

from collections.abc import Mapping

_TAGS = {
    "recording_mbid": ("musicbrainz_recordingid", "musicbrainz_trackid"),  # older taggers wrote the second
    "title": ("title",),
    "album": ("album",),
    "release_date": ("originaldate", "date"),
    "isrc": ("isrc",),
}


def is_document(record: Mapping[str, object]) -> bool:
    """Tell whether a JSON object is a low-level document."""
    return {"metadata", "rhythm", "tonal"} <= record.keys()


def to_record(document: Mapping[str, object]) -> dict[str, object]:
    """Return the row that a document stands for."""
    metadata = _part(document, "metadata")
    tags = _part(metadata, "tags")
    tonal = _part(document, "tonal")
    return {
        **{name: _first(tags, theirs) for name, theirs in _TAGS.items()},
        "artists": tags.get("artists") or tags.get("artist"),
        "genre": tags.get("genre"),
        "duration_s": _part(metadata, "audio_properties").get("length"),
        "tempo": _part(document, "rhythm").get("bpm"),
        "key": tonal.get("key_key"),
        "mode": tonal.get("key_scale"),
    }


def _part(record: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = record.get(name)
    return part if isinstance(part, Mapping) else {}


def _first(tags: Mapping[str, object], names: tuple[str, ...]) -> object:
    """Return the first value of the first tag that is there: each tag is a list."""
    for name in names:
        value = tags.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if value:
            return value
    return None
