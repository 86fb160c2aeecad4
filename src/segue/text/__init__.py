"""What playlists and catalogue both need of text: song keys, column names, durations, ISRC, likeness."""
