"""Every command, option and setting is documented, and no document names what is not there."""

import re
from pathlib import Path

import typer.main
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.testing import CliRunner

from segue.cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "MODEL_CARD.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _commands() -> dict[str, TyperCommand]:
    found: dict[str, TyperCommand] = {}

    def walk(name: str, command: object) -> None:
        if isinstance(command, TyperGroup):
            for each, child in command.commands.items():
                walk(f"{name} {each}".strip(), child)
        elif isinstance(command, TyperCommand):
            found[name] = command

    walk("", typer.main.get_command(app))
    return found


def test_every_command_is_in_a_document_and_explains_itself() -> None:
    text = "\n".join(path.read_text() for path in DOCUMENTS)
    for name, command in _commands().items():
        assert f"segue {name}" in text, name
        assert command.help, name
        assert CliRunner().invoke(app, [*name.split(), "--help"]).exit_code == 0, name
        for parameter in command.params:
            if isinstance(parameter, TyperOption):
                assert parameter.help, f"{name} {parameter.name}"


def test_documents_show_only_commands_that_exist() -> None:
    names = _commands()
    assert len(names) > 10
    firsts = {name.split()[0] for name in names}
    for path in DOCUMENTS:
        for line in re.findall(r"^(?:\$ |    )?segue ([a-z]+)", _code(path.read_text()), re.MULTILINE):
            assert line in firsts, f"{path.name}: segue {line}"


def test_links_between_documents_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def _code(text: str) -> str:
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
