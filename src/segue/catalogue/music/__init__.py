"""Music files of one's own in a catalogue: their tags, their sound, and where they lie (extra `files`)."""
