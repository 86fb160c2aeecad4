"""A second service beside Spotify: a folder of lists. The flow takes it as it takes any other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from segue.app import Asked, Ports, Source, continue_playlist
from segue.errors import EmptyPlaylistError
from segue.recommender import Recommender
from segue.services.protocol import Link, MusicService, Reading
from segue.types import Playlist, TrackReference


@dataclass(frozen=True)
class Shelf:
    """A list on the jukebox."""

    id: str
    kind: str = "shelf"

    @property
    def url(self) -> str:
        return f"jukebox:{self.id}"


@dataclass
class Jukebox:
    """The tiniest service: it reads its shelves, and knows what its own numbers are called."""

    shelves: dict[str, tuple[TrackReference, ...]]
    numbers: dict[str, TrackReference]
    name: str = "Jukebox"

    def recognise(self, text: str) -> Link | None:
        scheme, _, shelf = text.strip().partition(":")
        return Shelf(shelf) if scheme == "jukebox" else None

    def read(self, link: Link) -> Playlist:
        if not self.shelves.get(link.id):
            raise EmptyPlaylistError(
                f"there are no songs on the shelf {link.id!r}", hint="Try another shelf."
            )
        return Playlist(self.shelves[link.id], link.id)

    def can_complete(self) -> bool:
        return True

    def complete(self, reading: Reading, unknown: Sequence[int]) -> Reading:
        entries = list(reading.playlist.entries)
        for index in unknown:
            entries[index] = self.numbers.get(entries[index].track_id, entries[index])
        return replace(reading, playlist=replace(reading.playlist, entries=tuple(entries)))


@pytest.fixture(scope="module")
def ports(open_recommender: Callable[[], Recommender]) -> Ports:
    song = TrackReference(title="Enter Sandman", artist="Metallica")
    jukebox: MusicService = Jukebox({"friday": (song,)}, {"B" * 22: song})
    return Ports(open_recommender(), (jukebox,))


def test_its_links_are_read(ports: Ports) -> None:
    answer = continue_playlist(Source(b"jukebox:friday"), Asked(5), ports)
    assert answer.reading.playlist.name == "friday"
    assert answer.reading.link == Shelf("friday")
    assert [match.track.name for match in answer.matches if match.track] == ["Enter Sandman"]
    assert len(answer.result.tracks) == 5


def test_its_numbers_are_looked_up_where_the_catalogue_lacks_them(ports: Ports) -> None:
    by_number = continue_playlist(Source(track_ids=("B" * 22,)), Asked(5), ports)
    by_shelf = continue_playlist(Source(b"jukebox:friday"), Asked(5), ports)
    assert by_number.result == by_shelf.result


def test_what_it_cannot_read_is_its_own_error(ports: Ports) -> None:
    with pytest.raises(EmptyPlaylistError, match="no songs on the shelf 'monday'"):
        continue_playlist(Source(b"jukebox:monday"), Asked(5), ports)


def test_the_steps_are_told_before_they_are_taken(ports: Ports) -> None:
    told: list[str] = []
    continue_playlist(Source(b"jukebox:friday"), Asked(5), ports, lambda step: told.append(step.name))
    assert told == ["read", "match", "recommend"]
