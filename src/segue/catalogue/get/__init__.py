"""Public sets of tracks: which there are, and fetching one."""

from segue.catalogue.get.add import Target, add_set, add_to_own, download_folder
from segue.catalogue.get.download import Download, fetch_file
from segue.catalogue.get.registry import PublicSet, SetFile, get_set, load_sets

__all__ = [
    "Download",
    "PublicSet",
    "SetFile",
    "Target",
    "add_set",
    "add_to_own",
    "download_folder",
    "fetch_file",
    "get_set",
    "load_sets",
]
