"""Writes docs/controls.md from the table of controls. A test holds the page to the table."""

from pathlib import Path

from segue.controls import CONTROLS, EXCLUDE, Controls

TARGET = Path(__file__).parents[1] / "docs" / "controls.md"
VALUES = {
    "count": "a whole number from 1",
    "flag": "yes or no",
    "names": "names",
    "track_ids": "track ids",
    "by_feature": "audio feature to number",
    "range": "two ends, either may be open",
    "share": "0 to 1",
    "choice": "one of the names",
    "playlists": "playlists",
}


def page() -> str:
    """Return the page."""
    rows = [
        f"| `{control.name}` | `{control.option}` | {VALUES[control.kind]} | "
        f"`{getattr(Controls(), control.name)!r}` | {control.about} |"
        for control in CONTROLS
    ]
    return "\n".join(
        [
            "# Controls",
            "",
            "What a listener may ask for besides the songs: the same in Python (`segue.Controls`), in",
            "the HTTP API (`controls`) and as options of `segue recommend`. Made by",
            "`scripts/write_controls.py` from `src/segue/controls.py`.",
            "",
            "| Python and API | option | value | default | what it does |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "Beside the controls, since it is read and found in the catalogue as the songs are:",
            "",
            "| Python and API | option | value | what it does |",
            "|---|---|---|---|",
            f"| `{EXCLUDE.name}` | `{EXCLUDE.option}` | {VALUES[EXCLUDE.kind]} | {EXCLUDE.about} |",
            "",
        ]
    )


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
