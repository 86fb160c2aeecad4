"""A real server on loopback, for the tests of the page and the API."""

from serving.running import Running, serving

__all__ = ["Running", "serving"]
