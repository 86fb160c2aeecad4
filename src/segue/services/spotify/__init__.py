"""Spotify's Web API: signing in, reading playlists, making one. Nothing that it answers is kept."""
