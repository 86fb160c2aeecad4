"""`segue serve`: the page and the API."""

import logging
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from segue.config import Settings, load_settings
from segue.recommender import Recommender
from segue.web.application import create_application
from segue.web.options import ServeOptions
from segue.web.server import address, listen, run

DEFAULTS = ServeOptions()


def serve(  # noqa: PLR0913, PLR0917 - an option a parameter
    host: Annotated[str, typer.Option(help="Where to listen; anything but loopback needs --token-file.")] = (
        DEFAULTS.host
    ),
    port: Annotated[int, typer.Option(help="0 picks a free one.")] = DEFAULTS.port,
    catalogue: Annotated[
        Path | None,
        typer.Option(help="The catalogue; without it, the one in use at each start and reload."),
    ] = None,
    model: Annotated[str, typer.Option(help='"full", "audio" or the folder of a bundle.')] = "",
    token_file: Annotated[
        Path | None, typer.Option(help="A file with one bearer token a line; then every request needs one.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name that this server is asked for by.")
    ] = None,
    cors_origin: Annotated[
        list[str] | None, typer.Option(help="An origin whose pages may call the API.")
    ] = None,
    rate_limit: Annotated[
        float | None,
        typer.Option(help="Requests a second for one client; 0: no limit. Default: 0 on loopback, else 20."),
    ] = None,
    queue: Annotated[
        int, typer.Option(help="Recommendations that may wait; more are refused with 503.")
    ] = DEFAULTS.queue_limit,
    workers: Annotated[int, typer.Option(help="Threads that work out recommendations.")] = DEFAULTS.workers,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
) -> None:
    """Serve the page for listeners and the HTTP API. Ctrl+C stops it."""
    settings = load_settings()
    options = ServeOptions(
        host=host,
        port=port,
        token_file=token_file,
        allowed_hosts=tuple(allow_host or ()),
        cors_origins=tuple(cors_origin or ()),
        rate_limit=rate_limit,
        queue_limit=queue,
        workers=workers,
    ).check()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", datefmt="%H:%M:%S")
    application = create_application(lambda: _open(settings, catalogue, model), settings, options)
    sock = listen(options)
    try:
        run(application, sock, on_start=lambda: _greet(address(sock), open_page=open_page))
    finally:
        sock.close()


def _open(settings: Settings, catalogue: Path | None, model: str) -> Recommender:
    # One thread a call: the server's workers share the cores.
    return Recommender.open(catalogue, model or settings.model, progress=_show_progress, threads=1)


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        typer.echo(f"\rPreparing the catalogue, once: {done:,} of {total:,} songs{end}", nl=False, err=True)


def _greet(url: str, *, open_page: bool) -> None:
    typer.echo(f"segue is at {url}   (API: {url}docs, stop with Ctrl+C)")
    if open_page:
        webbrowser.open(url)
