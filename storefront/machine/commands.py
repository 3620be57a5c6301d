"""The commands of ./run: what each is called, what it takes, and who does it."""

from collections.abc import Callable, Sequence

from storefront.machine import testing
from storefront.machine.speech import CannotGoOnError, say, warn

HELP = """\
Vitrine: one house, many shops.

  ./run serve        start everything and open the shops      --host --port --data --workers --no-demo
  ./run test         run every test, or those named           takes pytest's arguments
"""


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names; returns the exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        say(HELP)
        return 0
    name, rest = arguments[0], list(arguments[1:])
    command = COMMANDS.get(name)
    if command is None:
        warn(f"./run has no command {name!r}.\n\n{HELP}")
        return 2
    try:
        return command(rest)
    except CannotGoOnError as error:
        warn(str(error))
        return 1
    except KeyboardInterrupt:
        warn("Stopped.")
        return 130


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "test": testing.test,
    "proof": testing.proof,
}
