"""The file of refused rows: each with its place, its reasons and what it held."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from segue.catalogue.import_.row_reader import Refusal
from segue.errors import StorageError

_HEADER = ("file", "place", "reasons", "row")


class RefusedFile:
    """Writes refused rows as they come: CSV, or NDJSON by the extension; with no path, nowhere."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: TextIO | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            with self._told():
                self._stream = self._path.open("w", encoding="utf-8", errors="replace", newline="")
            if not self._as_json:
                csv.writer(self._stream).writerow(_HEADER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            with suppress(OSError):  # only what `finish` has told already, or something worse is under way
                self._stream.close()

    def finish(self) -> None:
        """Write out what is still held back; call it while the import can still be given up.

        Raises
        ------
        StorageError
            When the disk is full.

        """
        if self._stream is not None:
            with self._told():
                self._stream.flush()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(f"cannot write {self._path}: {error.strerror}") from error

    @property
    def _as_json(self) -> bool:
        return self._path is not None and self._path.suffix.lower() in {".ndjson", ".jsonl"}

    def add(self, source: Path, place: int, refusal: Refusal, row: Mapping[str, object]) -> None:
        """Write one refused row."""
        if self._stream is None:
            return
        with self._told():
            if self._as_json:
                entry = {"file": source.name, "place": place, "reasons": refusal.details, "row": row}
                self._stream.write(json.dumps(entry, ensure_ascii=False, default=str) + "\n")
            else:
                told = json.dumps(row, ensure_ascii=False, default=str)
                csv.writer(self._stream).writerow((source.name, place, "; ".join(refusal.details), told))
