"""Lines as people write them, read and matched, and judged without the matcher's own keys.

As a program (`scripts/measure-matching CATALOGUE`), prints found and wrong by kind, and each line that went
amiss.
"""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from segue.catalogue.match import match_playlist
from segue.catalogue.store import Catalogue
from segue.errors import SegueError
from segue.playlists.read import read_playlist
from segue.types import Playlist, Track, TrackReference

FOLDER = Path(__file__).parent / "matching"
_VERSION = re.compile(
    r"\s*[(\[][^)\]]*\b(?:feat|featuring|ft|with|from|remaster\w*|live|version|edit|mix|remix|mono|stereo|radio|single|acoustic|"
    r"demo|(?:19|20)\d\d)\b[^)\]]*[)\]]|\s+-\s+.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """One song that may be meant. `words` are those of a title of which any that has them all will do."""

    artist: str
    title: str = ""
    words: tuple[str, ...] = ()

    def is_met_by(self, track: Track) -> bool:
        if not any(self.artist in _names(artist) for artist in track.artists):
            return False
        if self.words:
            return set(self.words) <= set(_words(track.name))
        return self.title in {_plain(track.name), _plain(_VERSION.sub("", track.name))}


@dataclass(frozen=True, slots=True)
class Line:
    """A line as given, of what kind it is, and what may be meant; nothing when no song may be found."""

    kind: str
    given: str
    wishes: tuple[Wish, ...]

    def read(self) -> TrackReference:
        """Return the entry that the line is read as."""
        if self.given.startswith("fields:"):
            title, artist, album, ms = self.given.removeprefix("fields:").split("|")
            return TrackReference(title=title, artist=artist, album=album, duration_ms=int(ms))
        try:
            return read_playlist(self.given.encode()).entries[0]
        except SegueError:
            return TrackReference(title=self.given)


@dataclass(slots=True)
class Tally:
    """What came of the lines of one kind."""

    present: int = 0
    right: int = 0
    found: int = 0
    wrong: int = 0
    amiss: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.present += other.present
        self.right += other.right
        self.found += other.found
        self.wrong += other.wrong

    @property
    def recall(self) -> float:
        return self.right / max(self.present, 1)

    @property
    def error(self) -> float:
        return self.wrong / max(self.found, 1)


def read_lines() -> list[Line]:
    """Return all committed lines."""
    lines = []
    for path in sorted(FOLDER.glob("*.tsv")):
        for text in path.read_text("utf-8").splitlines():
            if text and not text.startswith("#"):
                kind, given, expected = text.split("\t")
                lines.append(Line(kind, given, tuple(_read_wishes(expected))))
    return lines


def _read_wishes(expected: str) -> Iterable[Wish]:
    for each in expected.split(" || ") if expected != "-" else ():
        artist, title = each.split(" - ", maxsplit=1)
        if title.startswith("~"):
            yield Wish(_plain(artist), words=tuple(_words(title)))
        else:
            yield Wish(_plain(artist), title=_plain(title))


def judge(catalogue: Catalogue, lines: Sequence[Line]) -> dict[str, Tally]:
    """Match all lines and return what came of each kind."""
    there = _find_present(catalogue, lines)
    matches = match_playlist(catalogue, Playlist(tuple(line.read() for line in lines)))
    tallies: dict[str, Tally] = defaultdict(Tally)
    for line, match, present in zip(lines, matches, there, strict=True):
        tally = tallies[line.kind]
        right = match.track is not None and any(wish.is_met_by(match.track) for wish in line.wishes)
        wrong = match.track is not None and not right
        tally.add(Tally(present, right and present, match.track is not None, wrong))
        if wrong or (present and not right):
            got = f"{match.track.artist} - {match.track.name}" if match.track else "nothing"
            near = (
                f"; near: {match.closest[0][0].artist} - {match.closest[0][0].name}" if match.closest else ""
            )
            tally.amiss.append(
                f"{'WRONG ' if wrong else 'missed'} {line.given} => {got} ({match.confidence}){near}"
            )
    return tallies


def total(tallies: dict[str, Tally]) -> Tally:
    """Return the sum of all kinds."""
    found = Tally()
    for each in tallies.values():
        found.add(each)
    return found


def _find_present(catalogue: Catalogue, lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether a song that it may mean is in the catalogue, by looking at every track."""
    by_artist: dict[str, list[Wish]] = defaultdict(list)
    for line in lines:
        for wish in line.wishes:
            by_artist[wish.artist].append(wish)
    met: set[Wish] = set()
    for _, name, artists in catalogue.iter_names():
        for artist in artists:
            for key in _names(artist):
                if key in by_artist:
                    track = Track("", name, artists)
                    met.update(wish for wish in by_artist[key] if wish not in met and wish.is_met_by(track))
    return [any(wish in met for wish in line.wishes) for line in lines]


@lru_cache(300_000)
def _names(artist: str) -> frozenset[str]:
    """Return an artist and, where it names several, each of them."""
    several = re.split(
        r"\s+(?:featuring|feat|ft|with|x|vs|and)\b\.?\s+|\s*[&+,/]\s*", artist, flags=re.IGNORECASE
    )
    return frozenset(_plain(name) for name in (artist, *several) if name)


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", text.lower().replace("ø", "o"))
    bare = (
        "".join(char for char in apart if not unicodedata.combining(char)).replace("'", "").replace("’", "")
    )
    return re.findall(r"\w+", bare)


def _plain(text: str) -> str:
    words = [word for word in _words(text.replace("&", " and ")) if word != "the"]
    return "".join(words) or text


def main(catalogue: Path) -> None:
    with Catalogue.open(catalogue) as opened:
        tallies = judge(opened, read_lines())
        print(f"{len(opened):,} tracks; {len(read_lines())} lines")
    print("| kind | lines there | found of those | wrong among found |\n|---|---|---|---|")
    for kind, tally in [*tallies.items(), ("all", total(tallies))]:
        print(f"| {kind} | {tally.present} | {tally.recall:.1%} | {tally.wrong} of {tally.found} |")
    for kind, tally in tallies.items():
        for text in tally.amiss:
            print(f"{kind}: {text}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
