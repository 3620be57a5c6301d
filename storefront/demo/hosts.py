"""The demo shops' hosts: one in use, one with a broken record, one that has led elsewhere for days."""

from datetime import timedelta

from storefront.core.db import Work
from tenants.hosts import activate, connect

# Their zones are in demo_data/dns_zones.toml; what is wrong with them is seen by the first look after the start.
NAMES = {
    "nordhost": "shop.nordhost.test",
    "domaineo": "boutique.domaineo.test",
    "rejestrator": "sklep.rejestrator.test",
}


def furnish_hosts(db: Work, slug: str) -> None:
    """Give a demo shop a host of its own, in a state that tells something."""
    host = connect(db, name=NAMES[slug])
    host.confirmed_at = db.now
    if slug != "domaineo":
        activate(db, host)
    if slug == "rejestrator":
        host.state, host.misses, host.first_missed_at = "failing", 4, db.now - timedelta(days=4)
        host.activated_at = host.serves_at = db.now - timedelta(days=90)
    host.connected_at = host.activated_at or db.now
    host.next_check_at = db.now
    db.flush()
