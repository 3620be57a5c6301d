"""Ask who holds a name, without waiting: the same way as availability, one name at a time."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from redis.exceptions import RedisError

from storefront.core import cache, clock
from storefront.core.config import Config
from storefront.providers.ports.registrar import RegistrationData
from storefront.provisioning.answers import WHOIS_KEPT_S, read_registration, write_registration
from storefront.provisioning.availability import GRACE_S, CannotAsk, push_question

State = Literal["asking", "found", "free", "silent"]


@dataclass(frozen=True, kw_only=True)
class WhoisAnswer:
    """What is known of a registration: still asking, found, no such registration, or no answer."""

    name: str
    state: State
    data: RegistrationData | None = None


def find_whois(config: Config, reseller_id: UUID, name: str) -> WhoisAnswer | None:
    """Find what is known of a name (A-label) without asking; raises ``CannotAsk`` when Valkey is away."""
    try:
        kept = cache.connect(config).get(whois_key(reseller_id, name))
    except RedisError as error:
        raise CannotAsk from error
    return _read(name, json.loads(kept), config, clock.now()) if kept else None


def ask_whois(config: Config, reseller_id: UUID, name: str) -> WhoisAnswer:
    """Have somebody look up a name (A-label); raises ``CannotAsk`` when Valkey is away."""
    at = clock.now().isoformat()
    try:
        with cache.connect(config).pipeline(transaction=False) as pipe:
            pipe.set(whois_key(reseller_id, name), json.dumps({"state": "asking", "at": at}), ex=WHOIS_KEPT_S)
            push_question(pipe, {"kind": "whois", "reseller": str(reseller_id), "names": [name], "at": at})
            pipe.execute()
    except RedisError as error:
        raise CannotAsk from error
    return WhoisAnswer(name=name, state="asking")


def _read(name: str, record: dict[str, Any], config: Config, now: datetime) -> WhoisAnswer:
    state: State = record["state"]
    until = datetime.fromisoformat(record["at"]) + timedelta(seconds=config.lookup_deadline_s + GRACE_S)
    if state == "asking" and now >= until:
        state = "silent"
    data = read_registration(record["data"]) if state == "found" else None
    return WhoisAnswer(name=name, state=state, data=data)


def write_whois(state: State, at: datetime, data: RegistrationData | None = None) -> str:
    """Write what was answered, for the pages to read."""
    return json.dumps(
        {
            "state": state,
            "at": at.isoformat(),
            "data": write_registration(data) if data else None,
        }
    )


def whois_key(reseller_id: UUID, name: str) -> str:
    """Name the place of what is known of a registration."""
    return cache.key(reseller_id, "whois", name)
