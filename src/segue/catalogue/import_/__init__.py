"""Filling a catalogue from files of others: their columns, how cells are read, what is refused."""

from segue.catalogue.import_.importer import ImportReport, Progress, import_files

__all__ = ["ImportReport", "Progress", "import_files"]
