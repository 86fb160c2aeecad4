"""The options of `segue recommend` that are controls: made from the table of controls, and read back."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

import typer

from segue.controls import CONTROLS, Control, Controls
from segue.errors import InvalidControlsError
from segue.features import AUDIO_NAMES

Command = Callable[..., None]


def with_control_options(command: Command) -> Command:
    """Give a command that takes `controls` one option for each control.

    The command's own parameters come first; `controls` is filled with the value that the options make.
    """
    signature = inspect.signature(command, eval_str=True)
    own = [each for each in signature.parameters.values() if each.name != "controls"]
    options = [_parameter(control) for control in CONTROLS]

    @functools.wraps(command)
    def run(**values: Any) -> None:
        given = {control.name: values.pop(control.name) for control in CONTROLS}
        command(**values, controls=read_controls(given))

    run.__signature__ = signature.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
    run.__annotations__ = {each.name: each.annotation for each in (*own, *options)}
    return run


def read_controls(given: Mapping[str, Any]) -> Controls:
    """Return the controls that the values of the options stand for.

    Raises
    ------
    InvalidControlsError
        When one cannot be read, or is out of its range.

    """
    return Controls(**{control.name: _read(control, given[control.name]) for control in CONTROLS})


def _parameter(control: Control) -> inspect.Parameter:
    own = getattr(Controls(), control.name)
    kinds: dict[str, tuple[Any, Any]] = {
        "count": (int, own),
        "flag": (bool, False),  # an option turns over what is so by itself
        "names": (list[str] | None, None),
        "track_ids": (list[str] | None, None),
        "by_feature": (list[str] | None, None),
        "range": (str, ""),
        "share": (float, own),
        "choice": (Literal[control.choices], own),
    }
    annotation, default = kinds[control.kind]
    option = typer.Option(control.option, help=control.about, metavar=control.metavar or None)
    return inspect.Parameter(
        control.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[annotation, option],
    )


def _read(control: Control, value: Any) -> Any:
    if control.kind == "count":
        return value or None
    if control.kind == "flag":
        return value is not getattr(Controls(), control.name)
    if control.kind in ("names", "track_ids"):
        return tuple(value or ())
    if control.kind == "by_feature":
        return read_values(control.option, value)
    if control.kind == "range":
        return read_range(control.option, value)
    return value


def read_values(option: str, pairs: Sequence[str] | None) -> dict[str, float]:
    """Read FEATURE=VALUE, as often as it was given.

    Raises
    ------
    InvalidControlsError
        When a feature is unknown or a value is no number.

    """
    values = {}
    for pair in pairs or ():
        name, _, text = pair.partition("=")
        if name not in AUDIO_NAMES:
            rest = "Popularity and release years have options of their own: --popularity, --years."
            raise InvalidControlsError(
                f"{option}: unknown feature {name!r}", hint=f"One of: {', '.join(AUDIO_NAMES)}. {rest}"
            )
        try:
            values[name] = float(text)
        except ValueError as error:
            raise InvalidControlsError(
                f"{option}: expected FEATURE=NUMBER, got {pair!r}", hint=f"For example: {option} energy=0.6"
            ) from error
    return values


def read_range(option: str, text: str) -> tuple[int | None, int | None]:
    """Read LOW-HIGH, one end of which may be left out; a lone number is both ends.

    Raises
    ------
    InvalidControlsError
        When an end is no whole number.

    """
    low, dash, high = text.partition("-")
    try:
        ends = (int(low) if low else None, int(high) if high else None)
    except ValueError as error:
        low, high = ("1990", "1999") if option == "--years" else ("20", "80")
        raise InvalidControlsError(
            f"{option}: expected LOW-HIGH, got {text!r}",
            hint=f"For example: {option} {low}-{high}, or {low}- or -{high} with one end open.",
        ) from error
    return ends if dash else (ends[0], ends[0])
