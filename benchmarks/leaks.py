"""Look for what tells the source of a track instead of its sound, and for lists that are copies of others.

    python benchmarks/leaks.py TRACKS.parquet PLAYLISTS.parquet

Prints how often each field is missing by source; how many bits about the source each kind of trait
gives to a small boosted classifier; whether numbers are rounded differently; near copies among lists.
"""

import sys
from pathlib import Path
from typing import Any

import duckdb
import lightgbm
import numpy as np
from numpy.typing import NDArray

from segue.corpus.gaps import fill_column
from segue.corpus.lists import TrackList, read_lists, resolve
from segue.corpus.splits import largest_overlap, split_lists
from segue.features import AUDIO_NAMES

TEXTS = ("name", "artist", "album", "release_date")
NUMBERS = (*AUDIO_NAMES, "popularity")
UNLISTED = "(no list)"
Floats = NDArray[np.float64]


class Traits:
    """Tracks that exactly one source lists, and a sample of those that none does."""

    def __init__(self, tracks: Path, playlists: Path) -> None:
        rng = np.random.default_rng(0)
        rows = duckdb.execute(
            f"""
            with held as (
                select track_id, any_value(source) as source, count(distinct source) as n
                from read_parquet(?) group by track_id
            )
            select coalesce(source, '{UNLISTED}'), {", ".join((*TEXTS, *NUMBERS))}
            from read_parquet(?) left join held using (track_id)
            where n = 1 or (n is null and hash(track_id) % 13 = 0)
            """,
            [str(playlists), str(tracks)],
        ).fetchall()
        rng.shuffle(rows)
        self.sources, self.source = np.unique([row[0] for row in rows], return_inverse=True)
        self.texts = [row[1 : 1 + len(TEXTS)] for row in rows]
        self.numbers = np.array(
            [[np.nan if value is None else value for value in row[1 + len(TEXTS) :]] for row in rows],
            dtype=np.float64,
        )
        self.audio = np.column_stack(
            [fill_column(self.numbers[:, place], rng) for place in range(len(AUDIO_NAMES))]  # type: ignore[arg-type]
        )

    def missing(self) -> Floats:
        """One flag a field."""
        texts = [[value is None for value in row] for row in self.texts]
        return np.column_stack([np.isnan(self.numbers), texts]).astype(np.float64)

    def text(self) -> Floats:
        """The form of names, artists and dates, not what they say."""
        return np.array([_text_traits(*(value or "" for value in row)) for row in self.texts], np.float64)


def main(tracks: Path, playlists: Path) -> None:
    """Print everything."""
    traits = Traits(tracks, playlists)
    print_missing(traits)
    print_bits(traits)
    print_rounding(traits)
    print_copies(tracks, playlists)


def print_missing(traits: Traits) -> None:
    """Print the share of tracks that lack a field, by source."""
    print("## Share missing, by source")
    missing = traits.missing()
    names = (*NUMBERS, *TEXTS)
    shown = [names.index(name) for name in (*TEXTS, "popularity", "key", "mode", "time_signature")]
    print("source", *(names[place] for place in shown), sep="\t")
    for number, source in enumerate(traits.sources):
        own = missing[traits.source == number]
        print(source, *(f"{own[:, place].mean():.3f}" for place in shown), sep="\t")


def print_bits(traits: Traits) -> None:
    """Print how much each kind of trait tells about the source."""
    missing, text = traits.missing(), traits.text()
    kinds = {
        "what is missing": missing,
        "artist or name missing": missing[:, [len(NUMBERS), len(NUMBERS) + 1]],
        "form of the texts": text,
        "precision of the date": text[:, :2],
        "separators of artists": text[:, 2:5],
        "filled numbers, 3 digits": significant(traits.audio),
    }
    print("\n## Bits about the source")
    for name, values in kinds.items():
        total, known = bits(values, traits.source)
        print(f"{known:.2f} of {total:.2f}", name, sep="\t", flush=True)


def print_rounding(traits: Traits) -> None:
    """Print by source the share of values with at most two significant digits: 10 % by nature."""
    print("\n## Share of values with at most two significant digits, by source")
    names = ("danceability", "energy", "speechiness", "acousticness", "liveness", "valence")
    print("source", *names, sep="\t")
    for number, source in enumerate(traits.sources):
        own = traits.numbers[traits.source == number]
        shares = []
        for name in names:
            values = own[:, AUDIO_NAMES.index(name)]
            values = values[np.isfinite(values) & (values > 0)]
            two = np.array([float(f"{value:.2g}") for value in values])
            shares.append(f"{(np.abs(two - values) <= 1.2e-7 * values).mean():.3f}")
        print(source, *shares, sep="\t")


def print_copies(tracks: Path, playlists: Path) -> None:
    """Print how many test lists have most of their tracks in one training list."""
    ids = duckdb.execute("select track_id from read_parquet(?)", [str(tracks)]).fetchall()
    split = split_lists(resolve(read_lists(playlists), _Rows([row[0] for row in ids])))
    shares = largest_overlap(split.test, split.fitted_for("test"), len(ids))
    print("\n## Test lists by the share of their tracks in one training list")
    for group in ("mpd", "other"):
        own = shares[[entry.group == group for entry in split.test]]
        counts = ", ".join(f"{(own >= share).sum()} at least {share:.0%}" for share in (0.3, 0.5, 0.8))
        print(f"{group}: {len(own)} lists, {counts}")
    _print_copied_sources(split.test, shares)


def bits(values: Floats, source: NDArray[np.int64]) -> tuple[float, float]:
    """Return the entropy of the source and how much of it `values` explain, on held-out tracks, in bits."""
    cut = int(len(source) * 0.7)
    settings = {
        "objective": "multiclass", "num_class": int(source.max()) + 1, "num_leaves": 15, "verbose": -1,
        "learning_rate": 0.15, "num_threads": 1, "min_data_in_leaf": 50,
    }  # fmt: skip
    model = lightgbm.train(settings, lightgbm.Dataset(values[:cut], source[:cut]), num_boost_round=40)
    held = source[cut:]
    prior = np.bincount(source[:cut], minlength=settings["num_class"]) / cut
    guessed = np.asarray(model.predict(values[cut:]))[np.arange(len(held)), held]
    total = -float(np.log2(prior[held]).mean())
    return total, total + float(np.log2(guessed + 1e-12).mean())


def significant(values: Floats) -> Floats:
    """Return the values with three significant digits, so that only the sound remains."""
    power = np.floor(np.log10(np.abs(values) + 1e-30))
    return np.round(values / 10**power, 2) * 10**power


class _Rows:
    def __init__(self, ids: list[str]) -> None:
        self.rows = {track_id: row for row, track_id in enumerate(ids)}

    def find_rows(self, track_ids: Any) -> NDArray[np.int64]:
        return np.array([self.rows.get(track_id, -1) for track_id in track_ids], dtype=np.int64)


def _text_traits(name: str, artist: str, album: str, date: str) -> list[float]:
    return [
        len(date) or 4, date[5:] == "01-01", ";" in artist, artist.count(","), " & " in artist,
        "feat" in name.lower(), " - " in name, "(" in name, name.islower(), name.isupper(), name.isascii(),
        artist.isascii(), '"' in name, "’" in name, name != name.strip(), album == name,
    ]  # fmt: skip


def _print_copied_sources(lists: tuple[TrackList, ...], shares: Floats) -> None:
    copied = [entry.source for entry, share in zip(lists, shares, strict=True) if share >= 0.5]
    print("sources of those of at least 50%:", {source: copied.count(source) for source in set(copied)})


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
