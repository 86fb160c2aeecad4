"""What people look at: the map of a catalogue, the profile of a playlist, examples to try."""
