"""Forged messages to the script of a page and to a window: from whom they may not come, and what nobody may say."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Frame, Page

from tests.frames.attacks import EVIL, Papers, Stranger, listens, overheard
from tests.frames.forgeries import RIGHT, WRONG
from tests.frames.people import SITE, Windows
from tests.waiting import until

pytestmark = [pytest.mark.browser]

TYPES = list(RIGHT)
AROUND = """<script>
 window.heard = [];
 for (const type of {types}) addEventListener("shop:" + type, (event) => heard.push(event.detail));
</script><script src="{shop}/frames/embed.v1.js" async></script>
<shop-login id="one" frame="{key}" data-layer loading="eager"><a href="{shop}/">Sign in</a></shop-login>
<iframe name="plain" src="{shop}/frames/whois"></iframe><iframe name="evil" src="{evil}/"></iframe>
<iframe name="nobody" sandbox="allow-scripts" srcdoc="<p>Nobody</p>"></iframe>
<iframe name="own" srcdoc="<p>Own</p>"></iframe>"""
STATE = """() => { const window_ = document.getElementById("one").shadowRoot.querySelector("iframe"); return [
 window_.offsetHeight, getComputedStyle(window_).visibility, window_.src, heard.length, (window.dataLayer ?? []).length,
 location.href, Object.keys(Object.prototype).length, document.body.children.length, document.cookie, ({}).v ?? ""] }"""
# Who speaks to the page: the frame it speaks from, and where that finds the page.
SENDERS = {
    "the page itself": ("", "window"),
    "a stranger's frame beside the window": ("evil", "parent"),
    "a frame in a stranger's frame": ("deep", "top"),
    "another window of the shop": ("plain", "parent"),
    "a frame without an origin": ("nobody", "parent"),
    "a frame of the page's own origin": ("own", "parent"),
    "a stranger's page that the site opened": ("popup", "opener"),
}


@dataclass
class Scene:
    """A page of the site with a window, frames of others beside it, and what all of them are called."""

    page: Page
    places: dict[str, Frame]
    said: int = 0

    def state(self) -> list[object]:
        """What the page's own script could have changed."""
        found: list[object] = self.page.evaluate(STATE)
        return found

    def says(self, place: str, target: str, message: str, *, to: str = "") -> None:
        """Let a frame say something, and wait until whom it is said to has heard what was said after it."""
        self.said += 1
        hears = self.places[to]
        hears.evaluate("() => { window.last ??= addEventListener('message', (each) => { last = each.data }) ?? 0 }")
        self.places[place].evaluate(
            f"last => {{ {target}.postMessage({message}, '*'); {target}.postMessage(last, '*') }}", f"last {self.said}"
        )
        # A window's policy forbids to wait inside of it.
        until(lambda: bool(hears.evaluate("said => last === said", f"last {self.said}")))


@pytest.fixture(scope="module")
def scene(chrome: Browser, attacked: str, windows: Windows) -> Iterator[Scene]:
    context = chrome.new_context()
    stranger = Stranger(context)
    deep = stranger.put(EVIL, "/deep", "<p>Deep</p>")
    stranger.put(EVIL, "/", f'<iframe name="deep" src="{deep}"></iframe>')
    html = AROUND.format(types=json.dumps(TYPES), shop=attacked, evil=EVIL, key=windows.keys["user-login"])
    page = context.new_page()
    page.goto(stranger.put(SITE, "/", html))
    page.wait_for_function("heard.some((each) => each.type === 'ready')")
    with context.expect_page() as opened:
        page.evaluate("address => { open(address) }", f"{EVIL}/deep")
    page.wait_for_timeout(300)
    places = {frame.name: frame for frame in page.frames if frame.name in {"plain", "evil", "deep", "nobody", "own"}}
    window = next(each for each in page.frames if windows.address("user-login") in each.url)
    yield Scene(page, {**places, "": page.main_frame, "popup": opened.value.main_frame, "window": window})
    context.close()


@pytest.mark.proof
@pytest.mark.parametrize("said", [*RIGHT, *WRONG])
@pytest.mark.parametrize("sender", SENDERS)
def test_page_hears_nobody_but_its_window(scene: Scene, papers: Papers, sender: str, said: str) -> None:
    before = scene.state()

    scene.says(*SENDERS[sender], {**RIGHT, **WRONG}[said])

    assert scene.state() == before
    papers.tell("Messages to the page's script", said, "not heard; nothing moved, nothing told", how=sender)


@pytest.mark.proof
@pytest.mark.parametrize("said", WRONG)
def test_page_hears_nothing_wrong_from_its_window(scene: Scene, papers: Papers, said: str) -> None:
    before = scene.state()

    scene.says("window", "parent", WRONG[said])

    assert scene.state() == before
    papers.tell(
        "Messages to the page's script", said, "not heard; nothing moved, nothing told", how="the window itself"
    )


DOCUMENT = "() => [document.documentElement.outerHTML, location.href, performance.getEntriesByType('resource').length]"


REACH = "document.getElementById('one').shadowRoot.querySelector('iframe').contentWindow"
# Who speaks to a window: the frame it speaks from, where that finds the window, and which window it is. Strangers find
# those of plain iframes alone: what the script puts in stands in a shadow tree, and no list of frames names it.
SPEAKERS = {
    "the page around": ("", REACH, "window"),
    "a stranger's frame beside it": ("evil", "parent[0]", "plain"),
}


@pytest.mark.proof
@pytest.mark.parametrize("said", [*RIGHT, *WRONG])
@pytest.mark.parametrize("sender", SPEAKERS)
def test_window_hears_nobody(scene: Scene, papers: Papers, sender: str, said: str) -> None:
    place, target, which = SPEAKERS[sender]
    window = scene.places[which]
    before = window.evaluate(DOCUMENT)

    scene.says(place, target, {**RIGHT, **WRONG}[said], to=which)

    assert window.evaluate(DOCUMENT) == before
    papers.tell("Messages to the window", said, "not heard; its document is as it was", how=sender)


def test_strangers_do_not_find_the_window_that_the_script_put_in(scene: Scene) -> None:
    assert scene.places["evil"].evaluate("parent.length") == len(["plain", "evil", "nobody", "own"])


@pytest.mark.proof
@pytest.mark.parametrize("place", ["evil", "deep", "plain", "nobody", "popup"])
def test_what_a_window_says_is_heard_by_its_page_alone(scene: Scene, papers: Papers, place: str) -> None:
    listens(scene.places[place])
    before = len(scene.page.evaluate("heard"))

    scene.places["window"].evaluate(
        "() => document.dispatchEvent(new CustomEvent('frame:event', {detail: {type: 'signed-in'}}))"
    )
    scene.page.wait_for_function("count => heard.length > count", arg=before)
    scene.page.wait_for_timeout(50)

    assert overheard(scene.places[place]) == []
    papers.tell("Who overhears a window", f"a listener in the frame “{place}”", "hears nothing; the page itself does")


def test_forged_messages_move_nothing(scene: Scene) -> None:
    before = scene.state()

    for sender in SENDERS.values():
        for said in ("resize", "ordered"):
            scene.says(*sender, RIGHT[said])
    for said in ("the type in a list", "the type __proto__", "a height as text", "an order in a list"):
        scene.says("window", "parent", WRONG[said])

    assert scene.state() == before
    scene.says("window", "parent", RIGHT["signed-in"])
    assert scene.state() != before
