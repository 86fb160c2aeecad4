"""Fitting a catalogue's calibration: on its music files whose songs it knows from Spotify's data, too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from segue.catalogue.batches import iter_batches
from segue.catalogue.music import ledger
from segue.catalogue.music.calibration import Pair, apply_calibrations, fit_calibrations
from segue.catalogue.music.ledger import Calibration, Entry
from segue.catalogue.row_codec import to_values
from segue.catalogue.store import Catalogue
from segue.catalogue.writer import CHUNK, open_transaction
from segue.errors import InputError
from segue.ids import is_spotify_id
from segue.text.song_keys import hash64, song_key
from segue.types import Track


def calibrate(catalogue: Path) -> list[Calibration]:
    """Fit the calibration of a catalogue, store it, and bring the features of its music files to it.

    A music file and a track with a Spotify id are a pair when they share an ISRC, or artist, title, length.

    Raises
    ------
    InputError
        When the catalogue has no music files, or none of them has a pair.
    CatalogueNotFoundError, NotACatalogueError, CatalogueTooNewError
        When the file cannot serve as a catalogue.
    CatalogueBusyError, StorageError
        As `writer.open_transaction` does.

    """
    with Catalogue.open(catalogue) as opened:
        heard = [entry for entry in ledger.read_entries(catalogue).values() if entry.track_id and entry.sound]
        if not heard:
            raise InputError(
                f"{catalogue} has no music files",
                hint="Add some: segue catalogue add FOLDER; then run this again.",
            )
        pairs = list(_iter_pairs(opened, heard))
    if not pairs:
        raise InputError(
            f"none of {len(heard):,} music files is a song that {catalogue} has with Spotify's features",
            hint="Import a data set that has your songs, for example of those in docs/catalogue.md.",
        )
    found = fit_calibrations(pairs)
    by_name = {each.feature: each for each in found}
    owned = [entry for entry in heard if entry.owned]
    with open_transaction(catalogue) as writer:
        ledger.prepare(writer.connection)
        ledger.write_calibrations(writer.connection, found)
        for batch in iter_batches(owned, CHUNK):
            writer.upsert([to_values(_recalibrated(entry, by_name)) for entry in batch])
    return found


def _recalibrated(entry: Entry, calibrations: Mapping[str, Calibration]) -> Track:
    return Track(entry.track_id, features=apply_calibrations(entry.sound, calibrations))


def _iter_pairs(catalogue: Catalogue, entries: Iterable[Entry]) -> Iterator[Pair]:
    for batch in iter_batches(entries, CHUNK):
        rows = catalogue.find_rows([entry.track_id for entry in batch])
        tracks = catalogue.get_tracks([int(row) for row in rows])
        by_isrc = catalogue.find_by_isrcs([track.isrc for track in tracks])
        hashes = [hash64(song_key(track.artists, track.name)) for track in tracks]
        by_song = catalogue.find_by_songs(hashes)
        for entry, track, hashed in zip(batch, tracks, hashes, strict=True):
            same = [*by_isrc.get(track.isrc, []), *_of_same_length(by_song.get(hashed, []), entry)]
            theirs = next((each for each in same if _has_spotify_features(each)), None)
            if theirs is not None:
                yield Pair(entry.sound, theirs.features)


def _of_same_length(tracks: Sequence[Track], entry: Entry) -> list[Track]:
    length = entry.sound.get("duration_ms", 0.0)
    return [
        track
        for track in tracks
        if abs(track.features.get("duration_ms", -ledger.SAME_LENGTH_MS) - length) <= ledger.SAME_LENGTH_MS
    ]


def _has_spotify_features(track: Track) -> bool:
    return is_spotify_id(track.track_id) and "energy" in track.features
