"""Ports that are free for UDP and TCP on several loopback addresses."""

import socket
from collections.abc import Sequence
from contextlib import ExitStack

TRIES = 50


def free_port_everywhere(addresses: Sequence[str]) -> int:
    """A port that nobody listens on right now, at none of these addresses, by neither UDP nor TCP."""
    for _try in range(TRIES):
        with ExitStack() as closing:
            first = closing.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            first.bind((addresses[0], 0))
            port = int(first.getsockname()[1])
            try:
                for address in addresses:
                    datagrams = closing.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    datagrams.bind((address, port))
                    if address != addresses[0]:
                        stream = closing.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
                        stream.bind((address, port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")
