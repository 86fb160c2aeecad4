"""Playlists of others: one file a format, each with `read_x(text)` and `write_x(...)`, pure."""
