"""How a visitor uses a window of each kind in a driven browser, until it ends where it must, or shows another way."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from storefront.web.sessions import SESSION_COOKIE
from tests.driver.driven import Driven
from tests.fixtures_sale import believe
from tests.frames.stalls import FAR, FREE, NEAR, RIGHT, STRICT, Stalls
from tests.frames.world import Seen
from tests.storefront.account.people import PASSWORD, PERSON

SITES, SANDBOXES = (NEAR, FAR), (FREE, RIGHT, STRICT)
STUCK = "[data-stuck]:not([hidden]) a[target=_blank]"
# A form that is sent sooner than people write is asked for once more.
SOONEST_S = 3.2


@dataclass(frozen=True, kw_only=True)
class Walk:
    """One visitor in one window. The page around has one window, whose number is 0."""

    browser: Driven
    stalls: Stalls
    site: str
    sandbox: str
    kind: str

    @property
    def home(self) -> str:
        """The page around."""
        return self.stalls.page(self.site, self.sandbox, self.kind)

    @property
    def shop(self) -> str:
        """The shop's own address."""
        return self.stalls.shop.url

    def take(self) -> None:
        """Walk to the end, and see that nobody was ever signed in inside a window."""
        seen = len(self.stalls.world.seen)
        self.browser.begin()
        self.browser.go(self.home)
        self.browser.see("h1", 0)
        assert self.browser.count("[data-whole]", 0) == 1, "there is no way into a window of its own"
        WALKS[self.kind](self)
        self.was_nobody(self.stalls.world.seen[seen:])

    def was_nobody(self, seen: Sequence[Seen]) -> None:
        """See that no answer but one at the top began a session, and that no window elsewhere was sent one."""
        assert not [each for each in seen if each.aim != "document" and SESSION_COOKIE in each.set]
        assert not [each for each in self.browser.cookies() if each.get("partitionKey") and is_session(each)]
        inside = [each for each in seen if each.aim != "document" and "/frames/" in each.path]
        assert any(each.aim == "iframe" for each in inside)
        if self.site == FAR:
            assert not [each for each in inside if SESSION_COOKIE in each.cookies]

    # ---------------------------------------------------------------------------------------------- what is common

    def leaves(self, press: str, path: str) -> bool:
        """Press what leads out of the window; tell whether it did, else the way into a new window has been seen."""
        self.browser.click(press, 0)
        if self.sandbox != STRICT:
            self.browser.wait_for(f"^{re.escape(self.shop)}/(en/)?{path}")
            return True
        self.browser.see(STUCK, 0)
        assert self.browser.url() == self.home
        assert not [each for each in self.browser.cookies() if is_session(each)]
        return False

    def comes_back(self) -> None:
        """Take the way back of who has just signed in: to the very page, which is told of it where it listens."""
        assert [each for each in self.browser.cookies() if is_session(each)]
        site = self.stalls.sites[self.site]
        self.browser.click(f"a[href^='{site}']")
        if self.sandbox == RIGHT:
            # The ticket has left the address bar when the page's script was there.
            self.browser.wait_for(f"^{re.escape(self.home)}$")
            self.browser.wait_until("heard.includes('signed-in')")
        else:
            # A plain window knows the site it stands on, and not the page.
            self.browser.wait_for(f"^{re.escape(site)}/#shop-ticket=[^&]{{43}}$")

    def find(self) -> str:
        """Search for a name that is free, and put it into the cart."""
        name = f"walk-{uuid4().hex[:10]}.com"
        believe(self.stalls.config, self.stalls.shop, name)
        self.browser.fill(0, q=name)
        self.browser.click("form[role=search] [type=submit]", 0)
        self.browser.click(".result[data-best] button", 0)
        return name

    def leaves_with(self, name: str) -> None:
        """Leave for the checkout; the cart comes along."""
        if self.leaves("form[target=_top] button", "checkout"):
            self.browser.go(f"{self.shop}/cart")
            assert self.browser.texts(".line-name") == [name]

    # ------------------------------------------------------------------------------------------------ kind by kind

    def signs_in(self) -> None:
        """Sign in at the top."""
        self.browser.fill(0, login=self.stalls.user.login, password=PASSWORD)
        if self.leaves("form[target=_top] [type=submit]", "account/way-back"):
            self.comes_back()

    def registers(self) -> None:
        """Make an account in its steps; the last one leads to the top."""
        typed = {name: PERSON[name] for name in ("given", "family")}
        self.browser.fill(0, **typed, email=f"{uuid4().hex[:12]}@example.com")
        self.browser.click("form [type=submit].button", 0)
        self.browser.see("[name=password]", 0)
        typed = {name: PERSON[name] for name in ("street", "postcode", "city", "phone", "password")}
        self.browser.fill(0, **typed)
        self.browser.click("form [type=submit][data-size=l]", 0)
        self.browser.see("form[target=_top] [type=submit]", 0)
        if self.leaves("form[target=_top] [type=submit]", "account/way-back"):
            self.comes_back()

    def asks_for_a_password(self) -> None:
        """Ask for the letter; it is said that it is on its way."""
        self.browser.fill(0, login=self.stalls.user.login)
        self.browser.click("form [type=submit]", 0)
        self.browser.see("[data-event*='\"sent\"']", 0)
        self.stays()

    def searches(self) -> None:
        """Search, put into the cart, look at it, leave."""
        name = self.find()
        self.browser.click(".frame-bar a", 0)
        self.leaves_with(name)

    def orders(self) -> None:
        """Choose, options, cart, summary, leave."""
        name = self.find()
        self.browser.click("a[href*='step=cart'][data-kind=primary]", 0)
        self.browser.click("a[href*='step=summary']", 0)
        self.leaves_with(name)

    def fills_a_cart(self) -> None:
        """The cart is empty at first; a name is found in the same window."""
        self.browser.click(".card a[data-kind=primary]", 0)
        self.searches()

    def reads_prices(self) -> None:
        """Prices are there, and the filter works."""
        self.browser.fill(0, q="net")
        self.browser.click("form[role=search] [type=submit]", 0)
        self.browser.wait_until("document.querySelectorAll('tbody tr').length === 1", 0)
        self.stays()

    def asks_who_has_a_name(self) -> None:
        """The registry's answer is shown."""
        self.browser.fill(0, name="walrus.com")
        self.browser.click("form[role=search] [type=submit]", 0)
        self.browser.see("dl.facts, .notice[data-tone=info]", 0)
        self.stays()

    def writes(self) -> None:
        """The message is kept."""
        time.sleep(SOONEST_S)
        self.browser.fill(0, email="aino@example.com", words="Good morning")
        self.browser.fill(0, **{"-name": "Aino"})
        self.browser.click("[name$='consent']", 0)
        self.browser.click("form [type=submit]", 0)
        self.browser.see("[data-event*='\"sent\"']", 0)
        self.stays()

    def stays(self) -> None:
        """Nothing led away."""
        assert self.browser.url() == self.home


def is_session(cookie: Mapping[str, object]) -> bool:
    """Whether a cookie is that of somebody signed in."""
    return cookie["name"] == SESSION_COOKIE


WALKS: Mapping[str, Callable[[Walk], None]] = {
    "user-login": Walk.signs_in,
    "user-register": Walk.registers,
    "password-reset": Walk.asks_for_a_password,
    "domain-search": Walk.searches,
    "order": Walk.orders,
    "cart": Walk.fills_a_cart,
    "price-list": Walk.reads_prices,
    "whois": Walk.asks_who_has_a_name,
    "contact": Walk.writes,
}
