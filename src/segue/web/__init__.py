"""The page for listeners, the HTTP API for builders, and a drop-in for what Spotify retired."""
