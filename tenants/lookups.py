"""Questions to the name servers of the world, asked with dnspython and answered as facts."""

from typing import Protocol

from storefront.core.config import Config
from tenants.dns_answers import Found
from tenants.wanted_records import Wanted


class DnsQuestions(Protocol):
    """Somebody who asks the world about a host name. Slow (seconds): never inside a request or a transaction."""

    def ask_about(self, wanted: Wanted) -> Found:
        """Ask every question that the rules need, of every resolver. Never raises for trouble with DNS."""
        ...


def open_questions(config: Config) -> DnsQuestions:
    """Return whoever asks the resolvers of ``DNS_RESOLVERS``."""
    raise NotImplementedError


def wanted_for(config: Config, host: str, code: str) -> Wanted:
    """What a host of a reseller should have, by the settings ``EDGE_HOST``, ``EDGE_ADDRESSES`` and ``CA_NAME``."""
    raise NotImplementedError
