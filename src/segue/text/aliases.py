"""Artists who go by several names: the few that neither a rule nor a catalogue can tell.

`aliases.tsv` lies beside this file: a line an artist, the usual name first, then the others.
"""

from importlib.resources import files

from segue.text.canonical import canon
from segue.text.song_keys import artist_key


def _read() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in files("segue.text").joinpath("aliases.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            usual, *others = (canon(artist_key(name)) for name in line.split("\t"))
            known.update((other, usual) for other in others if other != usual)
    return known


ALIASES: dict[str, str] = _read()  # the canonical form of each other name, with that of the usual one
