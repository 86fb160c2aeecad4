"""Entering the challenge: reading `challenge_set.json`, and writing a submission in its format.

The format is that of the challenge as it runs on AIcrowd: a gzipped CSV whose first line names the team, then
a line a playlist with its id and exactly 500 distinct track URIs, none of them a seed.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from segue.corpus.lists import read_mpd_json, track_ids_of
from segue.errors import InputError, PlaylistFormatError, StorageError
from segue.ids import TRACK_URI

SUBMISSION_LENGTH = 500


@dataclass(frozen=True, slots=True)
class ChallengePlaylist:
    """One playlist to be continued: its id, its title (may be empty) and its seeds by `pos`."""

    pid: int
    name: str
    track_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Who submits: a name and an e-mail address, neither with a comma or a line break."""

    name: str
    email: str

    def __post_init__(self) -> None:
        for what, text in (("team name", self.name), ("e-mail address", self.email)):
            if not text.strip() or any(char in text for char in ",\n\r"):
                raise InputError(f"expected a {what} without commas and line breaks, got {text!r}")


def read_challenge(path: Path) -> list[ChallengePlaylist]:
    """Read the playlists of a `challenge_set.json`.

    Raises
    ------
    PlaylistFormatError
        When the file is none.

    """
    return [
        ChallengePlaylist(_to_pid(entry["pid"]), str(entry.get("name", "")), track_ids_of(entry))
        for entry in read_mpd_json(path)
    ]


def _to_pid(value: object) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise PlaylistFormatError(f"expected a whole number as `pid`, got {value!r}") from error


def write_submission(
    path: Path, playlists: Sequence[ChallengePlaylist], picks: Sequence[Sequence[str]], *, team: Team
) -> None:
    """Write a submission.

    Parameters
    ----------
    path
        A file that ends in `.csv.gz`; replaced when it exists.
    playlists
        What was to be continued.
    picks
        500 distinct track ids for each, best first, none of them a seed.
    team
        Goes on the first line.

    Raises
    ------
    InputError
        When the challenge would refuse it.
    StorageError
        When the file cannot be written.

    """
    lines = [f"team_info,{team.name},{team.email}"]
    for playlist, chosen in zip(playlists, picks, strict=True):
        _check_picks(playlist, chosen)
        lines.append(",".join([str(playlist.pid), *(f"{TRACK_URI}{track_id}" for track_id in chosen)]))
    try:
        # No time stamp, so that the same answers give the same file.
        with path.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed:
            packed.write(("\n".join(lines) + "\n").encode())
    except OSError as error:
        raise StorageError(f"the submission cannot be written to {path}: {error}") from error


def _check_picks(playlist: ChallengePlaylist, chosen: Sequence[str]) -> None:
    if len(chosen) != SUBMISSION_LENGTH or len(set(chosen)) != SUBMISSION_LENGTH:
        raise InputError(
            f"playlist {playlist.pid}: the challenge wants exactly {SUBMISSION_LENGTH} distinct tracks, "
            f"got {len(chosen)}, {len(set(chosen))} of them distinct",
            hint="The catalogue must hold at least 600 tracks.",
        )
    if seeds := set(chosen) & set(playlist.track_ids):
        raise InputError(f"playlist {playlist.pid}: {len(seeds)} picks are seeds, such as {min(seeds)}")
