"""The catalogue: one SQLite file of tracks, how it is filled, and how a reference is found in it."""
