"""A faithful stand-in for Spotify: a real HTTP server on loopback, for tests and recordings alone.

`FakeSpotify` serves both hosts of Spotify from one address: the Web API under `/v1`, the accounts service
under `/authorize` and `/api/token`. `World` is what it knows. Faults are switched on with `fake.faults`.
"""

from fake_spotify.faults import Fault
from fake_spotify.server import FakeSpotify
from fake_spotify.world import CLIENT_ID, Playlist, Song, User, World

__all__ = ["CLIENT_ID", "FakeSpotify", "Fault", "Playlist", "Song", "User", "World"]
