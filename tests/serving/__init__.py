"""A real server on loopback, for the tests of the page and the API."""

from serving.running import Running, serving, wait_until

__all__ = ["Running", "serving", "wait_until"]
