"""The entry point of the command line: the commands, and how errors end them."""

import os
import sys
from typing import Annotated

import typer

import segue
from segue.cli import standard_output
from segue.cli.exit_codes import exit_code, show_error
from segue.cli.lazy import LazyCommand, LazyGroup
from segue.config import find_unknown_variables
from segue.errors import SegueError


class CatalogueCommands(LazyGroup):
    """The commands of `segue catalogue`."""

    table = (
        LazyCommand(
            "import",
            "segue.cli.catalogue:import_",
            "Add the tracks of files to a catalogue; makes it when there is none.",
        ),
        LazyCommand(
            "get",
            "segue.cli.catalogue_get:get",
            "List public sets of tracks, or add one to your catalogue.",
        ),
        LazyCommand(
            "add",
            "segue.cli.catalogue_music:add",
            "Add your own music files to a catalogue: their tags and their sound (extra `files`).",
        ),
        LazyCommand(
            "calibrate",
            "segue.cli.catalogue_music:calibrate",
            "Bring the features of your music files to Spotify's scale, as far as the catalogue tells it.",
        ),
        LazyCommand(
            "fill",
            "segue.cli.catalogue_fill:fill",
            "Get audio features for tracks of your catalogue that have none, from another service.",
        ),
        LazyCommand("info", "segue.cli.catalogue:info", "Show what the catalogue holds."),
        LazyCommand("search", "segue.cli.catalogue:search", "Search titles and artists, most popular first."),
        LazyCommand(
            "export",
            "segue.cli.catalogue:export",
            "Write the whole catalogue to a file, in a form that `import` reads.",
        ),
        LazyCommand("use", "segue.cli.catalogue:use", "Choose the catalogue to use from now on."),
    )


class PlaylistsCommands(LazyGroup):
    """The commands of `segue playlists`."""

    table = (
        LazyCommand(
            "import",
            "segue.cli.playlists:import_",
            "Put playlists into a store to train and measure on; unpacks nothing. Run again, it goes on.",
        ),
    )


class Commands(LazyGroup):
    """The commands of `segue`."""

    table = (
        LazyCommand("recommend", "segue.cli.recommend:recommend", "Turn a playlist you like into a new one."),
        LazyCommand(
            "match",
            "segue.cli.match:match",
            "Show what each line of a playlist became; at a terminal, decide on those in doubt.",
        ),
        "catalogue",
        LazyCommand(
            "serve",
            "segue.cli.serve:serve",
            "Serve the page for listeners and the HTTP API. Ctrl+C stops it.",
        ),
        LazyCommand(
            "login",
            "segue.cli.account:login",
            "Sign in to Spotify, to read your playlists and make new ones.",
        ),
        LazyCommand(
            "logout",
            "segue.cli.account:logout",
            "Delete the sign-in and everything else that came from Spotify.",
        ),
        LazyCommand(
            "status",
            "segue.cli.account:status",
            "Show who is signed in to Spotify, what was agreed to, and when the sign-in ends.",
        ),
        LazyCommand(
            "doctor",
            "segue.cli.doctor:doctor",
            "Check everything that segue needs, and say what to do; ends with 1 when something is broken.",
        ),
        "playlists",
        LazyCommand(
            "train",
            "segue.cli.train:train",
            "Train a model on your playlists (extra `train`). "
            "Run it again after an interruption: it goes on.",
        ),
        LazyCommand(
            "evaluate",
            "segue.cli.evaluate:evaluate",
            "Measure a model and baselines on playlists that none of them has learned from.",
        ),
        LazyCommand(
            "challenge",
            "segue.cli.challenge:challenge",
            "Continue every playlist of a challenge set with 500 tracks and write a submission file.",
        ),
    )


app = typer.Typer(
    name="segue",
    cls=Commands,
    help="Playlist in, playlist out: songs you will like, from a playlist you like.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
catalogue_app = typer.Typer(
    name="catalogue",
    cls=CatalogueCommands,
    help="The tracks that segue can recommend: import, look into, search, export, choose.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@catalogue_app.callback()
def _catalogue() -> None:
    """Nothing of its own: it makes the group one for Typer, which counts only commands that are loaded."""


app.add_typer(catalogue_app, name="catalogue")
playlists_app = typer.Typer(
    name="playlists",
    cls=PlaylistsCommands,
    help="The playlists that segue learns from and is measured on.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@playlists_app.callback()
def _playlists() -> None:
    """Nothing of its own, as that of `segue catalogue`."""


app.add_typer(playlists_app, name="playlists")


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Playlist in, playlist out: songs you will like, from a playlist you like."""
    for name, closest in find_unknown_variables(os.environ).items():
        meant = f" Did you mean {closest}?" if closest else " docs/commands.md lists those that are."
        typer.echo(f"warning: {name} is set, and is no setting of segue.{meant}", err=True)
    if version:
        typer.echo(f"segue {segue.__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line; an error of ours becomes a message and an exit code, never a traceback."""
    standard_output.guard()
    try:
        _run()
    except SegueError as error:
        show_error(error)
        sys.exit(exit_code(error))
    except standard_output.StandardOutputError as error:
        standard_output.give_up()
        told = error.as_storage_error()
        show_error(told)
        sys.exit(exit_code(told))
    except BrokenPipeError:
        # The reader of a pipe went away (`segue ... | head`): nothing is left to say.
        standard_output.give_up()
        sys.exit(1)


def _run() -> None:
    """Run the command and print what is still held back, so that a failure to print is noticed here."""
    try:
        app()
    finally:
        sys.stdout.flush()
