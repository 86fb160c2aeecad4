"""The Spotify Web API: sign-in, reading and writing playlists."""
