"""Every exception that segue can raise has an exit code."""

import pytest

from segue.cli.exit_codes import EXIT_CODES, exit_code, show_error
from segue.cli.saving import say
from segue.errors import InputError, InvalidLinkError, SegueError


def _all_below(kind: type[SegueError]) -> set[type[SegueError]]:
    return {kind}.union(
        *(_all_below(each) for each in kind.__subclasses__() if each.__module__.startswith("segue"))
    )


def test_the_table_is_complete_and_no_error_ends_well() -> None:
    declared = {kind for kind in _all_below(SegueError) if kind.__module__ == "segue.errors"}
    assert declared == set(EXIT_CODES)
    assert all(2 < code < 126 for code in EXIT_CODES.values())


def test_an_error_without_a_code_of_its_own_takes_that_of_its_base() -> None:
    class SpecialError(InvalidLinkError):
        pass

    assert exit_code(SpecialError("x")) == EXIT_CODES[InvalidLinkError]


def test_no_escape_of_a_stranger_reaches_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_error(InputError("no song \x1b[2Jis \x9b31mcalled \x07that", hint="\x1b]0;title\x07Choose another."))
    say('Reading "\x1b[31mMine\x1b[0m"')
    told = capsys.readouterr().err
    assert not set("\x1b\x9b\x07") & set(told)
    assert "Choose another." in told
