"""What stands on a command line: a file, a pipe, standard input, a link, links."""

import os
import threading
from pathlib import Path

import pytest

from segue.app import Source, find_source
from segue.errors import EmptyPlaylistError, InputError

LINK = "https://open.spotify.com/track/" + "A" * 22


def nothing() -> bytes:
    raise AssertionError("standard input was read")


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("Muse - Starlight")
    assert find_source([str(path)], nothing) == Source(b"Muse - Starlight", "list.txt")


def test_standard_input_and_links() -> None:
    assert find_source(["-"], lambda: b"text") == Source(b"text")
    assert find_source([LINK, LINK], nothing) == Source(f"{LINK}\n{LINK}".encode())


def test_a_pipe_of_the_shell(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"Muse - Starlight"))
    writer.start()
    assert find_source([str(pipe)], nothing).data == b"Muse - Starlight"
    writer.join(10)


@pytest.mark.parametrize(
    "name", ["Nirvana", "AC/DC", "will.i.am", "Dr. Dre", "Notorious B.I.G.", "방탄소년단"]
)
def test_names_are_no_paths(name: str) -> None:
    assert find_source([name], nothing) == Source(name.encode())


@pytest.mark.parametrize("path", ["list.csv", "./list", "/list", "~/list", "a/b/list", "a b/Mix.TXT"])
def test_files_that_are_not_there(path: str) -> None:
    with pytest.raises(InputError, match="there is no file"):
        find_source([path], nothing)


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        (["no/such/file.csv"], InputError, "there is no file no/such/file.csv"),
        ([""], EmptyPlaylistError, "expected a playlist, got an empty text"),
        (["  "], EmptyPlaylistError, "expected a playlist"),
        (["."], InputError, "is a folder"),
        ([__file__, __file__], InputError, "expected one file, got 2"),
    ],
)
def test_what_is_none_of_these(values: list[str], error: type[InputError], says: str) -> None:
    with pytest.raises(error, match=says.replace(".", r"\.")) as caught:
        find_source(values, nothing)
    assert caught.value.hint
