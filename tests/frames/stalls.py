"""A shop in a world of real hosts, with a window of each kind and the pages of others that hold them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from cms.models import Page, PageVersion
from frames.kinds import KINDS
from frames.models import FrameSite
from frames.origins import host_of
from frames.settings import make_frame
from frames.sites import add_site
from storefront.app import create_app
from storefront.core.config import Config
from storefront.core.db import Database, Work
from storefront.identity.models import LoginUser
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_lookups import answering
from tests.frames.people import hashed
from tests.frames.world import World, host_page, plain_frame, running_world
from tests.storefront.account.people import PASSWORD

LEAVES = "allow-forms allow-scripts allow-same-origin allow-popups allow-top-navigation-by-user-activation"
STAYS = "allow-forms allow-scripts allow-same-origin allow-popups"
NEAR, FAR = "same-site", "cross-site"
FREE, RIGHT, STRICT = "no sandbox", "right sandbox", "too strict sandbox"


@dataclass(frozen=True, kw_only=True)
class Stalls:
    """The shop, its customer, and where its windows stand."""

    world: World
    shop: Shop
    user: LoginUser
    config: Config
    sites: Mapping[str, str]  # NEAR, FAR → origin

    def page(self, site: str, sandbox: str, kind: str) -> str:
        """The address of the page of a site that holds a window in such a sandbox."""
        return f"{self.sites[site]}/{path_of(sandbox, kind)}"


def path_of(sandbox: str, kind: str) -> str:
    """The path of a page."""
    return f"{sandbox.replace(' ', '-')}/{kind}"


@contextmanager
def open_stalls(database: Database, config: Config, folder: Path) -> Iterator[Stalls]:
    """Open the shop on a host of its own domain, and let the world answer until the block ends."""
    word = uuid4().hex[:8]
    near, far = f"https://www.stall-{word}.com", f"https://www.elsewhere-{word}.net"
    host = f"shop.stall-{word}.com"
    with database.office_work() as office:
        reseller = factories.make_reseller(
            office, f"stall-{word}", canonical_host=host, settings={"sign_up_code": False}
        )
        office.commit()
    with database.work(reseller.id) as db:
        factories.stock(db)
        add_site(db, near)
        db.add(FrameSite(origin=far, host=host_of(far), state="proven", proof="dns", added_at=db.now))
        db.flush()
        add_contact_page(db)
        keys = {kind: make_frame(db, kind=kind, name=kind, options={}).key for kind in KINDS}
        customer = factories.make_customer(db)
        user = factories.make_user(db, customer=customer, password_hash=hashed(PASSWORD))
        db.commit()
    config = replace(config, public_scheme="https", public_port=None)
    app = create_app(config, database=database)
    third = f"third-{word}.org"
    world = World(shop=host, app=app)
    for origin in (near, far):
        world.pages[host_of(origin)] = pages(f"https://{host}", keys)
        world.pages[host_of(origin)]["/probe"] = host_page(plain_frame(f"https://{third}/third-party", None))
    with running_world(folder, world, [*world.pages, third]), answering(config):
        shop = Shop(id=reseller.id, host=host)
        yield Stalls(world=world, shop=shop, user=user, config=config, sites={NEAR: near, FAR: far})
    app.extensions["vitrine"].resolver.close()


def add_contact_page(db: Work) -> None:
    """Publish a page with a contact form, which the window shows too."""
    form = {"kind": "contact_form", "id": "b1", "title": "Ask us", "topics": [], "consent": "", "thanks": "We answer."}
    page = db.add(Page(key="ask-us", created_at=db.now))
    db.flush()
    words = {"page_id": page.id, "locale": "en", "path": "/ask-us", "title": "Ask us", "state": "published"}
    db.add(PageVersion(**words, blocks=[form], edited_at=db.now, published_at=db.now))


def pages(shop: str, keys: Mapping[str, str]) -> dict[str, str]:
    """Write the pages of somebody else, one for each kind and sandbox."""
    found = {"/": host_page("<p>Welcome</p>")}
    for kind in KINDS.values():
        address = f"{shop}/frames/{kind.key}/{keys[kind.key]}"
        element = (
            f'<script src="{shop}/frames/embed.v1.js" async></script>'
            f'<{kind.element} frame="{keys[kind.key]}"><a href="{address}">{kind.key}</a></{kind.element}>'
        )
        bodies = {FREE: plain_frame(address, None), RIGHT: element, STRICT: plain_frame(address, STAYS)}
        for sandbox, body in bodies.items():
            found[f"/{path_of(sandbox, kind.key)}"] = host_page(body)
    return found
