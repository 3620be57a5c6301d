"""Three demo shops, one that is not open yet, and the platform: with pages, prices, people, orders in every state."""

import json
import os
import sys
from uuid import UUID

from sqlalchemy import create_engine, inspect, select, text

from storefront.core import ids
from storefront.core.config import Config
from storefront.core.db import SYSTEM, Database
from storefront.demo.domains import plant
from storefront.demo.hosts import furnish_hosts
from storefront.demo.office import announce_things, furnish_office, open_fourth_shop
from storefront.demo.people import DemoLogin, make_people
from storefront.demo.prices import furnish_prices
from storefront.demo.reference import load_reference
from storefront.demo.shops import SHOPS, furnish, open_platform, open_shop, read_shop
from storefront.identity.staff import create_staff, enrol_second_factor
from tenants.models import Reseller

FILE = "demo-logins.txt"


def load_demo(config: Config, database: Database) -> int:
    """Load the demo, anew if it is there already, and write down how to sign in; 1 if there is anything else."""
    if not config.demo or not config.is_development:
        _say("The demo is for a development machine only.")
        return 1
    with database.office_work(SYSTEM) as db:
        if db.scalar(select(Reseller.id).limit(1)) is not None:
            if not (config.data_dir / FILE).exists():
                _say("This database has resellers that are no demo; the demo is loaded into an empty one.")
                return 1
            db.rest()
            wipe(config)
        load_reference(db)
        opened = {slug: open_shop(db, read_shop(slug)).id for slug in SHOPS}
        platform = open_platform(db).id
        announce_things(db)
        db.commit()
    logins: list[DemoLogin] = []
    for slug, reseller_id in opened.items():
        logins += _fill(database, slug, reseller_id)
    logins.append(open_fourth_shop(database, opened["rejestrator"]))
    logins += _operator(database, platform)
    _write(config, logins)
    return 0


def wipe(config: Config) -> None:
    """Empty a database that holds the demo and nothing else, the sandbox registry included."""
    engine = create_engine(config.owner_url)
    with engine.begin() as connection:
        found = inspect(connection)
        tables = [f'"{schema}"."{name}"' for schema in ("public", "sandbox") for name in found.get_table_names(schema)]
        kept = ('"public"."alembic_version"',)
        connection.execute(text(f"TRUNCATE {', '.join(table for table in tables if table not in kept)} CASCADE"))
    engine.dispose()


def _fill(database: Database, slug: str, reseller_id: UUID) -> list[DemoLogin]:
    with database.work(reseller_id, SYSTEM) as db:
        shop = read_shop(slug)
        furnish(db, shop)
        found = make_people(db, shop)
        furnish_office(db, database.config, slug)
        furnish_hosts(db, slug)
        furnish_prices(db, slug)
        db.commit()
        plant(db)
    return found


def _operator(database: Database, platform: UUID) -> list[DemoLogin]:
    password = ids.token()[:16]
    with database.work(platform, SYSTEM) as db:
        user = create_staff(
            db,
            role="operator",
            login="operator",
            email="operator@platform.example",
            name="Olga Operator",
            locale="en",
            password=password,
        )
        factor = enrol_second_factor(db, user, issuer="Vitrine")
        db.commit()
    return [
        DemoLogin(shop="localhost", who="operator", login="operator", password=password, second_factor=factor.secret)
    ]


def _write(config: Config, logins: list[DemoLogin]) -> None:
    lines = ["", "Shops:"]
    lines += [f"  {config.origin(f'{slug}.{config.platform_host}')}/" for slug in SHOPS]
    lines += ["", "Demo logins (random, for this machine only):"]
    for login in logins:
        where = config.origin(
            login.shop if "." in login.shop or login.shop == "localhost" else f"{login.shop}.{config.platform_host}"
        )
        factor = f"   second factor (TOTP secret): {login.second_factor}" if login.second_factor else ""
        lines.append(f"  {where:<36} {login.who:<10} {login.login:<14} {login.password}{factor}")
    path = config.data_dir / FILE
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    machine = config.data_dir / "demo-logins.json"
    machine.touch(mode=0o600, exist_ok=True)
    machine.write_text(json.dumps([login.__dict__ for login in logins]))
    _say(os.linesep.join(lines))


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
