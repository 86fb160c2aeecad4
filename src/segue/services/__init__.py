"""Streaming services and players: one folder each; `protocol.py` says what one gives us."""
