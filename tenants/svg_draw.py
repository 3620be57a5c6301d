"""Draw a cleaned SVG as PNG in a child process that may use two seconds, some memory, and nothing else."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.svg_clean import clean_drawing

CHILD: Final = Path(__file__).with_name("svg_child.py")
# The child counts its own seconds of work; these pass on the wall, whatever it waits for.
PATIENCE_S: Final = 6.0
# What is left for all drawings of one request, where somebody counts them together.
_LEFT: ContextVar[list[float] | None] = ContextVar("left", default=None)


@contextmanager
def drawing_within(seconds: float = PATIENCE_S) -> Iterator[None]:
    """Let all drawings in here together take so long on the wall; what comes later is too much work to draw."""
    before = _LEFT.set([seconds])
    try:
        yield
    finally:
        _LEFT.reset(before)


def draw(content: bytes) -> bytes:
    """Return a drawing as PNG, at most 1,024 points wide and high.

    Raises ``Refused`` for what ``clean_drawing`` does not accept and for what takes too long to draw.
    """
    return _run(clean_drawing(content).markup)


def draw_words(markup: str) -> bytes:
    """Return a drawing of our own making as PNG, its words in the fonts of this machine."""
    return _run(markup, "fonts")


def _run(markup: str, *wishes: str) -> bytes:
    left = _LEFT.get()
    patience = PATIENCE_S if left is None else min(PATIENCE_S, left[0])
    if patience <= 0:
        raise _cannot()
    begun = time.monotonic()
    try:
        return _drawn(markup, wishes, patience)
    finally:
        if left is not None:
            left[0] -= time.monotonic() - begun


def _drawn(markup: str, wishes: Sequence[str], patience: float) -> bytes:
    try:
        drawn = subprocess.run(  # noqa: S603 - our own program, by its path, with no argument from outside
            [sys.executable, "-I", str(CHILD), *wishes],
            input=markup.encode(),
            capture_output=True,
            timeout=patience,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        raise _cannot() from None
    if drawn.returncode != 0 or not drawn.stdout:
        raise _cannot()
    return drawn.stdout


def _cannot() -> Refused:
    return Refused(_("This drawing is too much work to draw. Please simplify it, or save it as PNG."))
