"""What is always so of Spotify: its name, what it takes, what it asks people to agree to."""

from segue.services.protocol import About

NAME_LENGTH = 100
DESCRIPTION_LENGTH = 300  # one more, or a line break, and Spotify answers 500
REDIRECT_URI = "http://127.0.0.1/callback"  # as registered: without a port, so that any port may be used
SCOPES: dict[str, str] = {
    "playlist-read-private": "read your private playlists, to recommend from them",
    "playlist-read-collaborative": "read the playlists that you share with others",
    "user-library-read": "read Liked Songs, for `segue recommend liked`",
    "playlist-modify-private": "make the new playlist, private",
    "playlist-modify-public": "make the new playlist, public, when you ask for that",
}
HOW_TO = f"""\
segue needs the client id of a Spotify app of your own. Once, about two minutes:

  1. Open https://developer.spotify.com/dashboard and log in. (Spotify asks the owner of an app for Premium.)
  2. Press "Create app". Any name and description will do, "my segue" for instance.
  3. Redirect URI: {REDIRECT_URI}   - exactly this, without a port; press "Add".
  4. Tick "Web API", agree to the terms, press "Save".
  5. On the app's page, copy the "Client ID": 32 digits and letters. Leave the client secret alone.
"""
ABOUT = About(
    "Spotify",
    NAME_LENGTH,
    DESCRIPTION_LENGTH,
    key="client id",
    get_key=HOW_TO,
    permissions=SCOPES,
    permissions_page="https://www.spotify.com/account/apps/",
)
WAYS_ROUND_HERE = (
    "Sign in, and segue can read your own playlists. Or open the playlist in Spotify, select all its songs, "
    "copy them, and paste what you copied."
)
