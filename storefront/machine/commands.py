"""The commands of ./run: what each is called, what it takes, and who does it."""

from collections.abc import Callable, Sequence

from storefront.machine import (
    backup,
    checking,
    errands,
    interruptions,
    locks,
    messages,
    schema,
    scripts,
    serve,
    testing,
)
from storefront.machine.speech import CannotGoOnError, say, warn

HELP = """\
Vitrine: one house, many shops.

  To look at it
    ./run serve              start everything and open the shops
                             --host 127.0.0.1  --port 8000  --data var  --workers N  --no-demo
    ./run demo               load the demo again
    ./run operator           make the first operator and enrol the second factor

  To work on it
    ./run test               run every test, or those named; takes pytest's arguments
    ./run check              format, ruff, types, storeys, messages, templates (or only those named)
    ./run fix                mend what a machine can mend
    ./run messages           collect strings and bring the catalogues up to date; --check only looks
    ./run migration NAME     write the next migration from the models
    ./run lock               compile the locks of the packages; --upgrade takes newer ones
    ./run scripts            bring the editors' scripts; serve and test do so by themselves
    ./run bench              measure against a bare "hello"
    ./run proof              run the full matrices, or a family such as `prices`, and print their tables

  To keep it
    ./run backup FILE        database, keys and files in one archive
    ./run restore FILE       the way back into an empty data directory; --force moves what is there aside
    ./run keys rotate        seal with a fresh key from now on
    ./run leaks SHOP         search everything its customers can see for the platform's name and hosts
    ./run worker | relay | lookups | dns      one program alone

All commands but test, check and their like take --data. DATABASE_URL, OFFICE_URL, OWNER_URL and REDIS_URL name servers
of your own; without them ./run starts PostgreSQL and Valkey under the data directory. Every setting: .env.example"""


def main(arguments: Sequence[str]) -> int:
    """Do what the first argument names; returns the exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        say(HELP)
        return 0
    name, rest = arguments[0], list(arguments[1:])
    command = COMMANDS.get(name)
    if command is None:
        warn(f"./run has no command {name!r}. ./run alone lists them.")
        return 2
    interruptions.listen()
    try:
        return command(rest)
    except CannotGoOnError as error:
        warn(str(error))
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 0 if name == "serve" else 130


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "serve": serve.serve,
    "demo": errands.errand("demo"),
    "operator": errands.errand("operator"),
    "test": testing.test,
    "proof": testing.proof,
    "bench": testing.bench,
    "check": checking.check,
    "fix": checking.fix,
    "messages": messages.messages,
    "migration": schema.migration,
    "lock": locks.lock,
    "scripts": scripts.scripts,
    "backup": backup.backup,
    "restore": backup.restore,
    "keys": errands.keys,
    "leaks": errands.leaks,
    "worker": errands.errand("worker"),
    "relay": errands.errand("relay"),
    "lookups": errands.errand("lookups"),
    "dns": errands.errand("dns"),
}
