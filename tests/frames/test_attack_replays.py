"""What is good once is good once: tokens of forms, codes, tickets and carts, used again, elsewhere and later."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from frames.cart_tokens import LASTS as CART_LASTS
from frames.cart_tokens import cart_token
from frames.handoff import CODE_LASTS, FORM_LASTS, TICKET_LASTS, form_token, issue_code, issue_ticket
from storefront.core import clock
from storefront.core.db import Database, Work
from storefront.identity.models import LoginUser
from storefront.orders.carts import NameWish, add_item, make_cart
from storefront.pricing.queries import shelf
from storefront.web.sessions import SESSION_COOKIE
from tenants.models import HostName
from tests import factories
from tests.fixtures_app import Shop
from tests.frames.attacks import Papers
from tests.frames.people import PAGE, SITE, TO_THE_TOP, Windows
from tests.frames.selling import lines, new_name
from tests.storefront.account.people import PASSWORD, cookie

pytestmark = pytest.mark.usefixtures("valkey")

FORM, CODE, TICKET, CART = "the token of a form", "a code of a minute", "a ticket", "the token of a cart"
LASTS = {FORM: FORM_LASTS, CODE: CODE_LASTS, TICKET: TICKET_LASTS, CART: CART_LASTS}
AREA = "Words that are good once, used otherwise"


def swapped(word: str) -> str:
    """The last sign as another one that stands for the same bits in base 64, where there is one."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return word[:-1] + letters[letters.index(word[-1]) ^ 1]


SPELLINGS: dict[str, Callable[[str], object]] = {
    "in capitals": str.upper,
    "in small letters": str.lower,
    "with a space before": lambda word: f" {word}",
    "with a space after": lambda word: f"{word} ",
    "with a line end after": lambda word: f"{word}\n",
    "with a tab in it": lambda word: f"{word[:9]}\t{word[9:]}",
    "with NUL after": lambda word: f"{word}\x00",
    "with a sign nobody sees": lambda word: f"{word}\u200b",
    "with = after": lambda word: f"{word}=",
    "with == after": lambda word: f"{word}==",
    "with a zero before": lambda word: f"0{word}",
    "with a plus before": lambda word: f"+{word}",
    "with a dot after": lambda word: f"{word}.",
    "with a quotation mark": lambda word: f"{word}'",
    "in full width": lambda word: "".join(chr(ord(each) + 0xFEE0) for each in word),
    "encoded once more": lambda word: "".join(f"%{ord(each):02X}" for each in word),
    "quoted": lambda word: quote(f"{word}&", safe=""),
    "in other letters of base 64": lambda word: word.replace("-", "+").replace("_", "/") + "~",
    "with another last sign for the same bits": swapped,
    "cut short": lambda word: word[:-1],
    "twice over": lambda word: word * 2,
    "the other way round": lambda word: word[::-1],
    "with another name of the key": lambda word: word.replace("k1.", "k01.") + ("" if "k1." in word else "0"),
    "behind a wrong one": lambda word: ["x", word],
    "as the name of a list": lambda word: [f"{word},{word}"],
    "very long": lambda word: word + "A" * 100_000,
}  # fmt: skip


@dataclass(kw_only=True)
class Thief:
    """Who has got a word, and uses it as a window would."""

    app: Flask
    client_of: Callable[[Shop], FlaskClient]
    windows: Windows
    user: LoginUser
    database: Database

    def word(self, kind: str) -> str:
        """A new word that is good."""
        host, frame = self.windows.shop.host, self.windows.keys["user-login"]
        with self.database.work(self.windows.shop.id) as db:
            word = self._made(db, kind, host=host, frame=frame)
            db.commit()
        return word

    def _made(self, db: Work, kind: str, *, host: str, frame: str) -> str:
        if kind == FORM:
            return form_token(db, frame=frame, host=host)
        if kind == TICKET:
            return issue_ticket(db, frame=frame, origin=SITE, event={"type": "signed-in"})
        if kind == CART:
            cart, _secret = make_cart(db)
            add_item(db, cart, NameWish(name=new_name()), shelf(db))
            return cart_token(db, cart.id, frame=frame)
        fresh = factories.make_user(db, customer=factories.make_customer(db))
        fresh.signed_in_at = None
        db.flush()
        return issue_code(db, fresh, host=host)

    def does(self, kind: str, word: object, *, shop: Shop | None = None, **changed: str) -> bool:
        """Use a word in a new browser; return whether anything came of it."""
        at = shop or self.windows.shop
        client = self.client_of(at)
        fields: Mapping[str, object] = {"frame": self.windows.keys["user-login"], "back": PAGE, **changed}
        if kind == TICKET:
            answer = client.post("/frames/told", data={**fields, "ticket": word})
            return bool((answer.get_json(silent=True) or {}).get("events"))
        if kind == CART:
            client.post("/frames/leave", data={**fields, "cart": word}, headers=TO_THE_TOP)
            return bool(lines(client.get("/cart").text))
        address = "/account/sign-in" if kind == FORM else "/account/hand-off"
        named = {"token": word, "login": self.user.login, "password": PASSWORD} if kind == FORM else {"code": word}
        client.post(address, data={**fields, **named}, headers=TO_THE_TOP)
        return cookie(client, SESSION_COOKIE, at.host) is not None


@pytest.fixture(scope="module")
def stocked(database: Database, windows: Windows) -> Windows:
    """The shop sells."""
    with database.work(windows.shop.id) as db:
        factories.stock(db)
        db.commit()
    return windows


@pytest.fixture
def thief(
    app: Flask, client_of: Callable[[Shop], FlaskClient], stocked: Windows, user: LoginUser, database: Database
) -> Thief:
    return Thief(app=app, client_of=client_of, windows=stocked, user=user, database=database)


@pytest.fixture(scope="module")
def other_host(database: Database, windows: Windows) -> Iterator[Shop]:
    """Another host of the same shop."""
    name = "replays-too.localhost"
    with database.office_work() as office:
        office.add(HostName(name=name, reseller_id=windows.shop.id, canonical=windows.shop.host, purpose="shop"))
        office.commit()
    yield Shop(id=windows.shop.id, host=name)
    with database.office_work() as office:
        office.session.delete(office.session.get(HostName, name))
        office.commit()


@pytest.mark.proof
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", LASTS)
def test_word_is_good_in_one_spelling(thief: Thief, papers: Papers, kind: str, spelling: str) -> None:
    word = thief.word(kind)
    otherwise = SPELLINGS[spelling](word)

    early = otherwise != word and thief.does(kind, otherwise)
    rightly = thief.does(kind, word)
    late = thief.does(kind, otherwise)

    assert (early, rightly, late) == (False, True, False)
    papers.tell(AREA, f"{kind}, {spelling}, before and after it was used", "nothing; the right one works once")


@pytest.mark.proof
@pytest.mark.parametrize("kind", LASTS)
def test_word_is_good_once(thief: Thief, papers: Papers, kind: str) -> None:
    word = thief.word(kind)

    assert [thief.does(kind, word) for _time in range(4)] == [True, False, False, False]
    papers.tell(AREA, f"{kind}, four times", "the first time alone")


@pytest.mark.proof
@pytest.mark.parametrize("kind", LASTS)
def test_word_is_good_once_for_many_at_the_same_moment(thief: Thief, papers: Papers, kind: str) -> None:
    word = thief.word(kind)

    with ThreadPoolExecutor(5) as pool:
        did = list(pool.map(lambda _number: thief.does(kind, word), range(20)))

    assert sum(did) == 1
    papers.tell(AREA, f"{kind}, twenty times, five at the same moment", "one of them")


@pytest.mark.proof
@pytest.mark.parametrize("kind", LASTS)
def test_word_is_over_later(thief: Thief, papers: Papers, kind: str) -> None:
    word, lasts = thief.word(kind), LASTS[kind]

    with clock.Stopped(clock.now() + lasts + timedelta(seconds=1)):
        late = thief.does(kind, word)

    assert not late
    papers.tell(AREA, f"{kind}, a second too late", "nothing")


@pytest.mark.proof
@pytest.mark.parametrize("kind", LASTS)
def test_word_of_one_shop_is_none_in_another(thief: Thief, papers: Papers, shops: dict[str, Shop], kind: str) -> None:
    word = thief.word(kind)

    assert not thief.does(kind, word, shop=shops["north"])
    assert not thief.does(kind, word, shop=shops["north"], frame="user-login")
    assert thief.does(kind, word)
    papers.tell(AREA, f"{kind}, in another shop", "nothing")


@pytest.mark.proof
@pytest.mark.parametrize("kind", [FORM, CODE])
def test_word_of_one_host_is_none_on_another(thief: Thief, papers: Papers, other_host: Shop, kind: str) -> None:
    word = thief.word(kind)

    assert not thief.does(kind, word, shop=other_host)
    assert thief.does(kind, word)
    papers.tell(AREA, f"{kind}, on another host of the shop", "nothing")


@pytest.mark.proof
@pytest.mark.parametrize("frame", ["user-login", "order", "", "0123456789", "x" * 50, "\x00", "user-register"])
@pytest.mark.parametrize("kind", [FORM, CART])
def test_word_of_one_window_is_none_in_another(thief: Thief, papers: Papers, kind: str, frame: str) -> None:
    word = thief.word(kind)
    named = thief.windows.keys[frame] if frame == "user-register" else frame

    assert not thief.does(kind, word, frame=named)
    assert thief.does(kind, word)
    papers.tell(AREA, f"{kind}, in the window “{frame}”", "nothing")


@pytest.mark.proof
@pytest.mark.parametrize(("kind", "other"), [(kind, other) for kind in LASTS for other in LASTS if kind != other])
def test_word_of_one_kind_is_none_of_another(thief: Thief, papers: Papers, kind: str, other: str) -> None:
    word = thief.word(kind)

    assert not thief.does(other, word)
    assert thief.does(kind, word)
    papers.tell(AREA, f"{kind} in place of {other}", "nothing")


def test_words_are_good_once_and_in_one_spelling(thief: Thief) -> None:
    spelling = SPELLINGS["with a zero before"]

    for kind in (FORM, TICKET):
        word = thief.word(kind)
        assert [thief.does(kind, each) for each in (spelling(word), word, word, spelling(word))] == [
            False, True, False, False
        ]  # fmt: skip
