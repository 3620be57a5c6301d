"""The process that asks registrars about names, started by ``./run lookups``."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.providers.connections import open_registrar
from storefront.provisioning.inquiries import LookUps
from storefront.provisioning.request import CONNECTION

# For adapters that have nothing asynchronous inside, such as the sandbox with its database.
THREADS = 8


def run_lookups(config: Config, database: Database) -> None:
    """Ask until stopped by SIGTERM or SIGINT. What is under way then is lost; the pages say that nobody knows."""
    database.dispose()  # this process never looks into the shop's tables
    asyncio.run(_run(config))


async def _run(config: Config) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="registrar"))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await LookUps(config, {CONNECTION: open_registrar(config, CONNECTION)}).run(stop)
