"""Nearest embeddings."""
