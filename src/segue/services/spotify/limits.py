"""What Spotify takes: lengths of texts, in characters."""

NAME_LENGTH = 100
DESCRIPTION_LENGTH = 300  # one more, or a line break, and Spotify answers 500
