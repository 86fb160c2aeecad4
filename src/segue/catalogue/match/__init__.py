"""Finding the tracks of a playlist in a catalogue. What a confidence means is in docs/matching.md."""

from segue.catalogue.match.matcher import ACCEPTED, Matcher, match_playlist

__all__ = ["ACCEPTED", "Matcher", "match_playlist"]
