"""Groups of commands that load a command's code only when it runs, or when its own help is asked for.

`segue --help` shows a line for each command. Loading them all for those lines brings NumPy, ONNX Runtime and
a web framework: a second for what should be there at once. So the lines stand in a table, and a test holds
them to the commands' own words.
"""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
import typer.main
from typer.core import MarkupMode, TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command that is not loaded yet.

    Attributes
    ----------
    name
        As it is typed.
    target
        Where it is, as "module:function".
    summary
        The first sentences of its help, up to the first empty line.

    """

    name: str
    target: str
    summary: str

    def load(self, markup: MarkupMode) -> Any:
        """Import the command and return it, ready to run."""
        module, _, function = self.target.partition(":")
        app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=markup)
        app.command(self.name)(getattr(import_module(module), function))
        return typer.main.get_command(app)

    def outline(self, markup: MarkupMode) -> TyperCommand:
        """Return a command that has this one's name and summary, and can only be listed."""
        return TyperCommand(self.name, help=self.summary, rich_markup_mode=markup)


class _Commands(MutableMapping[str, Any]):
    """The commands of a group by name: iterating is cheap, looking one up loads it."""

    def __init__(self, commands: MutableMapping[str, LazyCommand | Any], markup: MarkupMode) -> None:
        self._commands = commands
        self._markup = markup

    def __getitem__(self, name: str) -> Any:
        command = self._commands[name]
        if isinstance(command, LazyCommand):
            command = self._commands[name] = command.load(self._markup)
        return command

    def __setitem__(self, name: str, command: Any) -> None:
        self._commands[name] = command

    def __delitem__(self, name: str) -> None:
        del self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._commands)

    def __len__(self) -> int:
        return len(self._commands)

    def outlines(self) -> dict[str, Any]:
        """Return what can be listed; loads nothing."""
        return {
            name: command.outline(self._markup) if isinstance(command, LazyCommand) else command
            for name, command in self._commands.items()
        }


class LazyGroup(TyperGroup):
    """A group whose commands stand in `table`; a name alone stands for a group that was added to the app."""

    table: ClassVar[tuple[LazyCommand | str, ...]] = ()

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        added = self.commands
        listed = {
            entry if isinstance(entry, str) else entry.name: added[entry] if isinstance(entry, str) else entry
            for entry in self.table
        }
        self._lazy = _Commands(listed, self.rich_markup_mode)
        self.commands = self._lazy

    @contextmanager
    def _outlined(self) -> Iterator[None]:
        """List outlines in place of commands meanwhile."""
        self.commands = self._lazy.outlines()
        try:
            yield
        finally:
            self.commands = self._lazy

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help of the group; loads no command."""
        with self._outlined():
            super().format_help(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete the name of a command; loads none."""
        with self._outlined():
            return super().shell_complete(ctx, incomplete)
