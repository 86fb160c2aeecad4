"""Every exception that segue can raise has an exit code."""

from segue.cli.exit_codes import EXIT_CODES, exit_code
from segue.errors import InvalidLinkError, SegueError


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
