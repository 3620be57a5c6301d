"""The program of its own that draws an SVG: bounded in memory, time and files before it reads a byte.

It is started by its path, takes the drawing from standard input and gives a PNG to standard output, and knows nothing
of the shop: no settings, no database, no network. Drawings of our own making may have words: with the argument "fonts"
the fonts of the machine are read.
"""

import resource
import sys

MEMORY = 768 * 1024 * 1024
CPU_S = 2
LARGEST = 1024 * 1024
# Font files that are open at once, one for each face that is looked through.
FONT_FILES = 64


def main() -> int:
    """Draw what comes in; 1 if it cannot be drawn."""
    import resvg_py  # noqa: PLC0415 - loaded before the bounds stand, since loading it opens files

    has_fonts = sys.argv[1:] == ["fonts"]
    for kind, bound in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FONT_FILES if has_fonts else 3),
        (resource.RLIMIT_NPROC, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        wanted = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (wanted, wanted))
    markup = sys.stdin.buffer.read(LARGEST + 1)
    if len(markup) > LARGEST:
        return 1
    try:
        drawn = resvg_py.svg_to_bytes(svg_string=markup.decode(), skip_system_fonts=not has_fonts)
    except (ValueError, MemoryError):
        return 1
    sys.stdout.buffer.write(bytes(drawn))
    return 0


if __name__ == "__main__":
    sys.exit(main())
