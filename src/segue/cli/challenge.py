"""`segue challenge`: continue the challenge set of the Million Playlist Dataset, and write a submission."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from segue.catalogue.in_use import find_catalogue
from segue.config import load_settings
from segue.corpus.lists import iter_lists, resolve
from segue.evaluation.challenge import Team, read_challenge, write_submission
from segue.evaluation.model_method import ModelMethod
from segue.evaluation.submission import answer_challenge, popular_rows
from segue.recommender import Recommender


def challenge(
    challenge_set: Annotated[
        Path, typer.Argument(metavar="FILE", help="challenge_set.json of the Million Playlist Dataset.")
    ],
    submission: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write: a .csv.gz.")
    ],
    team: Annotated[str, typer.Option("--team", help="The name of your team.")],
    email: Annotated[str, typer.Option("--email", help="Its e-mail address.")],
    playlists: Annotated[
        Path | None,
        typer.Option(
            "--playlists", "-p", metavar="FILE",
            help="Lists that tell what is popular, for playlists without known seeds.",
        ),
    ] = None,
    catalogue: Annotated[
        Path | None, typer.Option("--catalogue", "-c", metavar="PATH", help="Default: the one in use.")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="full, audio, or the folder of a bundle.")
    ] = "full",
) -> None:  # fmt: skip
    """Continue every playlist of a challenge set with 500 tracks and write a submission file."""
    who = Team(team, email)  # refused before any work is done
    asked = read_challenge(challenge_set.expanduser())
    path = catalogue.expanduser() if catalogue else find_catalogue(load_settings())
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    with (
        Recommender.open(catalogue=path, model=model) as recommender,
        Progress(console=console, transient=True) as bar,
    ):
        known = recommender.catalogue
        listed = [] if playlists is None else resolve(iter_lists(playlists.expanduser()), known)
        task = bar.add_task("continuing playlists", total=len(asked))
        picks = answer_challenge(
            asked,
            ModelMethod(recommender, known, name=model),
            known,
            popular=popular_rows(known, [entry.rows for entry in listed]),
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    write_submission(submission.expanduser(), asked, picks, team=who)
    without = sum(not playlist.track_ids for playlist in asked)
    console.print(f"Wrote 500 tracks for each of {len(asked):,} playlists to {submission}.")
    if without:
        console.print(f"{without:,} of them have a title only: they got what is popular.")
