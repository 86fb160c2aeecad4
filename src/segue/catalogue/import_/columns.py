"""Which columns of a file fill which field of a track, by the names in `text.column_names`."""

from collections.abc import Mapping, Sequence

from segue.errors import ImportFormatError
from segue.text.column_names import CATALOGUE_COLUMNS, column_key

FIELDS: tuple[str, ...] = tuple(CATALOGUE_COLUMNS)
_BY_KEY = {
    key: (field, priority)
    for field, keys in reversed(CATALOGUE_COLUMNS.items())
    for priority, key in enumerate(keys)
}

_ACOUSTICBRAINZ = column_key("submission_offset")  # only its tables have such a column


def find_field(column: str) -> str | None:
    """Return our name of their column, or None when it is none that we know."""
    known = _BY_KEY.get(column_key(column))
    return known[0] if known else None


def check_mapping(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping theirs -> ours in our spelling; an empty "ours" means: leave the column out.

    Raises
    ------
    ImportFormatError
        When one of ours is no field of a track.

    """
    checked = {}
    for theirs, ours in mapping.items():
        field = find_field(ours) if ours.strip() else ""
        if field is None:
            raise ImportFormatError(
                f"--map {theirs}={ours}: a track has no field {ours!r}", hint=f"One of: {', '.join(FIELDS)}."
            )
        checked[column_key(theirs)] = field
    return checked


def find_sources(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, list[int]]:
    """Return for each of our fields the places of the columns that may fill it, best first.

    Parameters
    ----------
    columns
        Their names in the file.
    mapping
        From `check_mapping`; it goes before what we know ourselves.

    """
    if _ACOUSTICBRAINZ in map(column_key, columns):  # its danceability goes from 0 to about 3
        mapping = {"danceability": "", **mapping}
    found: dict[str, list[tuple[int, int]]] = {}
    for place, column in enumerate(columns):
        key = column_key(column)
        if key in mapping:
            field, priority = mapping[key], -1
        elif key in _BY_KEY:
            field, priority = _BY_KEY[key]
        else:
            continue
        if field:
            found.setdefault(field, []).append((priority, place))
    sources = {field: [place for _, place in sorted(places)] for field, places in found.items()}
    # A row's own number is often called "id": beside a better column it says nothing, so it never fills in.
    if "track_id" in sources:
        del sources["track_id"][1:]
    return sources
