"""The entry point of the command line: the commands, and how errors end them."""

import os
import sys
from typing import Annotated

import typer

import segue
from segue.cli import account, catalogue
from segue.cli.challenge import challenge
from segue.cli.doctor import doctor
from segue.cli.evaluate import evaluate
from segue.cli.exit_codes import exit_code, show_error
from segue.cli.recommend import recommend
from segue.cli.serve import serve
from segue.cli.train import train
from segue.errors import SegueError

app = typer.Typer(
    name="segue",
    help="Playlist in, playlist out: songs you will like, from a playlist you like.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Playlist in, playlist out: songs you will like, from a playlist you like."""
    if version:
        typer.echo(f"segue {segue.__version__}")
        raise typer.Exit


app.command()(recommend)
app.add_typer(catalogue.app, name="catalogue")
app.command()(serve)
app.command()(account.login)
app.command()(account.logout)
app.command()(account.status)
app.command()(doctor)
app.command()(train)
app.command()(evaluate)
app.command()(challenge)


def main() -> None:
    """Run the command line; an error of ours becomes a message and an exit code, never a traceback."""
    try:
        app()
    except SegueError as error:
        show_error(error)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        # The reader of a pipe went away (`segue ... | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
