"""Draw a cleaned SVG as PNG in a child process that may use two seconds, some memory, and nothing else."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.svg_clean import clean_drawing

CHILD: Final = Path(__file__).with_name("svg_child.py")
# The child counts its own seconds of work; these pass on the wall, whatever it waits for.
PATIENCE_S: Final = 6.0


def draw(content: bytes) -> bytes:
    """Return a drawing as PNG, at most 1,024 points wide and high.

    Raises ``Refused`` for what ``clean_drawing`` does not accept and for what takes too long to draw.
    """
    return _run(clean_drawing(content).markup)


def draw_words(markup: str) -> bytes:
    """Return a drawing of our own making as PNG, its words in the fonts of this machine."""
    return _run(markup, "fonts")


def _run(markup: str, *wishes: str) -> bytes:
    try:
        drawn = subprocess.run(  # noqa: S603 - our own program, by its path, with no argument from outside
            [sys.executable, "-I", str(CHILD), *wishes],
            input=markup.encode(),
            capture_output=True,
            timeout=PATIENCE_S,
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
