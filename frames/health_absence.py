"""rule: whether the lines of a frame are in a page, and if not, what is there instead."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from frames.health_facts import WARNING, Finding, Scene, finding
from frames.page_reading import Element, PageFacts, Script, window_in


def is_there(scene: Scene) -> bool:
    """Whether a browser shows this very frame, or would if nothing forbade it."""
    return bool(scene.ours or scene.framed)


def stands_in(scene: Scene, page: PageFacts) -> bool:
    """Whether the frame is named in a document inside the page."""
    ours = any(scene.shop.is_element(each) for each in page.elements)
    return ours or any(
        each.window[0] and scene.shop.is_window(each.window) and scene.is_ours(each.url) for each in page.iframes
    )


def absent(scene: Scene) -> Iterator[Finding]:
    """Whether the lines are in the page, and whether they are lines of this frame."""
    page, shop = scene.page, scene.shop
    if scene.framed:
        return
    if scene.ours:
        if wrong := next((each for each in scene.ours if each.tag != shop.kind.element), None):
            yield finding("wrong_element", shop.lines.element, tag=wrong.tag, wanted=shop.kind.element)
        elif not scene.scripts:
            yield _without_script(scene)
        return
    foreign = next((each for each in scene.scripts if not scene.is_ours(each.url)), None)
    # Windows that nobody made stand beside each other: one of another kind is not this one gone wrong.
    elements = [each for each in scene.elements if shop.key or each.tag == shop.kind.element]
    iframes = [each for each in scene.iframes if shop.key or each.window[0] == shop.kind.key]
    if elements:
        yield from _other_elements(scene, elements, foreign)
    elif stranger := next((each for each in iframes if each.window[1] != shop.key), None):
        yield from _other_key(scene, stranger.window[1], shop.lines.iframe)
    elif foreign is not None:
        yield finding("other_shop", shop.lines.both, host=urlsplit(foreign.url).netloc)
    elif scene.scripts:
        yield finding("element_missing", shop.lines.element)
    else:
        yield _nothing(scene, page)


def _without_script(scene: Scene) -> Finding:
    line, page = scene.shop.lines.script, scene.page
    if page.scripts:
        return finding("asleep", line, place=page.scripts[0].place)
    if page.is_put_in_by_script:
        return finding("put_in_by_script", line, WARNING)
    return finding("script_missing", line)


def _other_elements(scene: Scene, elements: Sequence[Element], foreign: Script | None) -> Iterator[Finding]:
    if foreign is not None:
        yield finding("other_shop", scene.shop.lines.both, host=urlsplit(foreign.url).netloc)
        return
    same = [each for each in elements if each.tag == scene.shop.kind.element]
    yield from _other_key(scene, (same or elements)[0].key, scene.shop.lines.element)


def _other_key(scene: Scene, key: str, line: str) -> Iterator[Finding]:
    if not key:
        yield finding("no_key", line)
    elif key in scene.shop.others:
        yield finding("other_frame", line, name=scene.shop.others[key])
    else:
        yield finding("unknown_frame", line, key=key)


def _nothing(scene: Scene, page: PageFacts) -> Finding:
    """Say why nothing is there, as far as the page shows it."""
    lines = scene.shop.lines
    hidden = [part.place for parts in (page.elements, page.scripts, page.iframes) for part in parts if part.place]
    abroad = [each for each in page.iframes if each.window[0] and not scene.is_ours(each.url)]
    plain = [each for each in page.iframes if scene.is_ours(each.url) and not each.window[0]]
    if page.is_shown_as_text:
        found = finding("as_text", lines.both)
    elif abroad:
        found = finding("other_shop", lines.iframe, host=urlsplit(abroad[0].url).netloc)
    elif plain and not scene.is_ours(scene.visit.url):
        found = finding("ordinary_page", lines.iframe, path=urlsplit(plain[0].url).path)
    elif hidden:
        found = finding("asleep", lines.both, place=hidden[0])
    elif page.is_in_comment:
        found = finding("in_comment", lines.both)
    else:
        found = _no_trace(scene, page)
    return found


def _no_trace(scene: Scene, page: PageFacts) -> Finding:
    lines = scene.shop.lines
    if any(scene.is_ours(each) and scene.shop.is_window(window_in(each)) for each in page.links):
        return finding("only_link", lines.both, WARNING)
    if page.is_put_in_by_script:
        return finding("put_in_by_script", lines.both, WARNING)
    if page.is_cut:
        return finding("too_large", lines.both)
    return finding("built_by_script" if page.is_made_by_script else "missing", lines.both)
