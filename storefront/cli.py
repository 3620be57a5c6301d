"""Commands of one process: ``python -m storefront.cli worker``. ``./run`` starts them."""

import sys
from collections.abc import Callable

from storefront.core import logs
from storefront.core.config import BadSettings, Config
from storefront.core.db import Database


def migrate(config: Config) -> int:
    """Bring the database to the newest version, as its owner; make the first keys if there are none."""
    from alembic import command
    from alembic.config import Config as AlembicConfig

    from storefront.core.sealing import ensure_ring

    ensure_ring(config)
    settings = AlembicConfig()
    settings.set_main_option("script_location", "migrations")
    command.upgrade(settings, "head")
    return 0


def demo(config: Config) -> int:
    """Load three demo shops into an empty database and print how to sign in."""
    from storefront import reactions  # noqa: F401 - names every job, since the demo asks for some
    from storefront.demo import load_demo

    return load_demo(config, Database(config))


def worker(config: Config) -> int:
    """Run jobs until stopped."""
    from storefront.worker import run_worker

    run_worker(config, Database(config))
    return 0


def relay(config: Config) -> int:
    """Hand events to their reactions and ring for due jobs until stopped."""
    from storefront.worker import Relay

    Relay(config, Database(config)).run()
    return 0


def lookups(config: Config) -> int:
    """Ask registrars about names until stopped."""
    from storefront.lookups import run_lookups

    run_lookups(config, Database(config))
    return 0


def gateway(config: Config) -> int:
    """Run the sandbox payment gateway: another company, played on this machine."""
    from storefront.providers.connections import run_sandbox_gateway

    run_sandbox_gateway(config)
    return 0


def dns(config: Config) -> int:
    """Answer DNS for ``*.test`` on loopback: the world, played on this machine."""
    from storefront.devdns import run_devdns

    run_devdns(config, Database(config))
    return 0


def operator(config: Config) -> int:
    """Make the first operator and enrol the second factor."""
    from storefront.operator_setup import make_operator

    return make_operator(config, Database(config))


def keys_rotate(config: Config) -> int:
    """Add a fresh key and make it current; what older keys sealed stays readable."""
    from storefront.core.sealing import rotate

    print(f"The current key is now {rotate(config)}.")
    return 0


COMMANDS: dict[str, Callable[[Config], int]] = {
    "migrate": migrate,
    "demo": demo,
    "worker": worker,
    "relay": relay,
    "lookups": lookups,
    "gateway": gateway,
    "dns": dns,
    "operator": operator,
    "keys-rotate": keys_rotate,
}


def main(arguments: list[str]) -> int:
    """Run one command; a missing setting is said in one line."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python -m storefront.cli {' | '.join(COMMANDS)}", file=sys.stderr)
        return 2
    logs.install()
    try:
        config = Config.from_environment()
    except BadSettings as error:
        print(error, file=sys.stderr)
        return 2
    from storefront import models  # noqa: F401 - maps every table before the first query

    return COMMANDS[arguments[0]](config)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
