"""Playlists to learn from and to measure on: lists, splits, gaps, scenarios."""
