"""Writing files so that they appear whole or not at all."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """Give a draft beside a file to write to; it takes the file's place when the block ends well.

    Each draft has a name of its own, so that two who write the same file at once do not mix. What a link
    leads to is replaced, not the link, and a file that is replaced keeps its permissions.

    Raises
    ------
    OSError
        When it cannot be moved; what stood there before still does, and the draft is gone.

    """
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield draft
        if target.exists():
            shutil.copymode(target, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
