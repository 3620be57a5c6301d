"""rule: what is wrong with a frame in somebody's page: findings in the order in which one would mend them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final
from urllib.parse import urlsplit

from frames.health_absence import absent, is_there, stands_in
from frames.health_facts import WARNING, WRONG, Expected, Finding, Scene, Visit, finding
from frames.origins import host_of, is_local, origin_of
from frames.page_policy import (
    FRAME,
    SCRIPT,
    Policy,
    Wanted,
    allows_frame,
    allows_script,
    allows_style_attributes,
    bounded,
    line_for,
    missing_words,
    parse_policies,
)
from frames.page_reading import PageFacts
from frames.snippet import SANDBOX

VERSION: Final = 1
MOST_FINDINGS: Final = 12
NEEDED: Final = tuple(SANDBOX.split())
# What nobody misses at once: pages that open beside.
BESIDE: Final = frozenset({"allow-popups", "allow-popups-to-escape-sandbox"})
_HTML: Final = ("text/html", "application/xhtml+xml")
_GONE, _REFUSED, _OK = (404, 410), (401, 403, 407), 200
_ISOLATED: Final = ("require-corp", "credentialless")


def diagnose(visit: Visit, shop: Expected) -> tuple[Finding, ...]:
    """Say what is wrong, what keeps the frame from being shown first; nothing where all is well."""
    if reached := _reached(visit):
        return (reached,)
    page = visit.page or PageFacts()
    said = (policy for header in visit.policies for policy in parse_policies(header))
    policies = bounded(chain(said, page.policies))
    scene = Scene(visit=visit, page=page, shop=shop, policies=policies)
    inside = next((each for each in page.inner if stands_in(scene, each[1])), None)
    if inside and not is_there(scene):
        scene = Scene(visit=visit, page=inside[1], shop=shop, policies=policies, sandbox=inside[0])
    found = list(absent(scene))
    if page.has_password and any(each.key in ("missing", "built_by_script") for each in found):
        return (finding("sign_in", status=str(visit.status)),)
    if not any(each.light == WRONG for each in found):
        found += [each for rule in _RULES for each in rule(scene)]
    # Where nothing of ours stands, it still helps to know that it could not.
    elif found[0].key not in ("built_by_script", "too_large"):
        found += [*_origin(scene), *_closed(scene)]
    found = list({(each.key, each.line, tuple(each.facts.values())): each for each in found}.values())
    found.sort(key=lambda each: each.light != WRONG)
    return tuple(found[:MOST_FINDINGS])


def _reached(visit: Visit) -> Finding | None:
    """Whether a page came at all."""
    status = str(visit.status)
    if visit.trouble:
        return finding(visit.trouble, light=WARNING if visit.trouble == "packed" else WRONG)
    if visit.status in _REFUSED:
        return finding("turned_away", status=status)
    if visit.status in _GONE:
        return finding("not_there", status=status)
    if visit.status != _OK:
        return finding("error", status=status)
    kind = visit.content_type.partition(";")[0].strip().lower()
    if kind and kind not in _HTML:
        return finding("no_page", type=kind)
    return None


def _script(scene: Scene) -> Iterator[Finding]:
    """Whether the script is the one of today, and whether it runs."""
    if not scene.ours:
        return
    line = scene.shop.lines.script
    for each in scene.scripts:
        if not scene.is_ours(each.url):
            yield finding("other_shop", line, host=urlsplit(each.url).netloc)
        elif each.version != VERSION:
            yield finding("old_version", line, version=f"v{each.version}" if each.version else "")
        elif each.held_by:
            yield finding("held_back", line, by=each.held_by)
        elif each.integrity and scene.shop.integrity not in each.integrity.split():
            yield finding("wrong_integrity", line)
        elif each.integrity and not each.has_crossorigin:
            yield finding("no_crossorigin", line)


def _policies(scene: Scene) -> Iterator[Finding]:
    """Whether the page's own policy lets script and frame in."""
    script = next((each for each in scene.scripts if scene.is_ours(each.url)), None)
    host = _frame_host(scene)
    for policy in scene.policies:
        where = "meta" if policy.is_meta else "header"
        if scene.ours and script is not None:
            wanted = Wanted(
                url=_upgraded(scene, script.url), page=scene.visit.url, nonce=script.nonce, integrity=script.integrity
            )
            if not allows_script(policy, wanted):
                yield _script_line(policy, host, scene.shop.integrity, where)
        framed = Wanted(url=f"{host}/frames/{scene.shop.kind.key}/{scene.shop.key}".rstrip("/"), page=scene.visit.url)
        if not allows_frame(policy, framed):
            yield finding("policy_frame", line_for(policy, FRAME, host), where=where)
        if scene.ours and not allows_style_attributes(policy) and any(each.has_style for each in scene.ours):
            yield finding("policy_style", "", WARNING, where=where)


def _script_line(policy: Policy, host: str, integrity: str, where: str) -> Finding:
    sources = {word.lower() for word in policy.directives[policy.speaks(SCRIPT)]}
    if "'strict-dynamic'" in sources:
        # Names are not looked at there; the sum of the script is.
        return finding("policy_script_sum", line_for(policy, SCRIPT, f"'{integrity}'"), where=where)
    return finding("policy_script", line_for(policy, SCRIPT, host), where=where)


def _frame_host(scene: Scene) -> str:
    """Where the window comes from, as the page says it."""
    for each in scene.framed:
        return origin_of(each.url) or scene.shop.host
    for script in scene.scripts:
        if scene.is_ours(script.url):
            return origin_of(_upgraded(scene, script.url)) or scene.shop.host
    return scene.shop.host


def _upgraded(scene: Scene, url: str) -> str:
    return "https" + url[4:] if scene.upgrades and url.startswith("http:") else url


def _isolation(scene: Scene) -> Iterator[Finding]:
    """Pages that are isolated show no document that does not say it may be."""
    if scene.visit.isolation.partition(";")[0].strip().lower() in _ISOLATED:
        yield finding("isolated", "Cross-Origin-Embedder-Policy: unsafe-none")


def _sandboxes(scene: Scene) -> Iterator[Finding]:
    """Whether something keeps the window from what it needs."""
    for each in scene.framed:
        if each.sandbox is not None:
            yield from _lacking("sandbox", each.sandbox, f'sandbox="{SANDBOX}"')
    if scene.sandbox is not None:
        yield from _lacking("inside_frame", scene.sandbox, scene.shop.lines.both)
    for policy in scene.policies:
        if "sandbox" in policy.directives:
            yield from _lacking("page_sandbox", policy.directives["sandbox"], f"sandbox {SANDBOX}")


def _lacking(key: str, given: Sequence[str], line: str) -> Iterator[Finding]:
    lacks = missing_words(given, NEEDED)
    if lacks:
        yield finding(key, line, WARNING if set(lacks) <= BESIDE else WRONG, missing=", ".join(lacks))


def _mixed(scene: Scene) -> Iterator[Finding]:
    """Encrypted pages take nothing that is not."""
    if not scene.is_encrypted or scene.upgrades:
        return
    lines = scene.shop.lines
    if scene.ours and any(urlsplit(each.url).scheme == "http" for each in scene.scripts):
        yield finding("mixed_script", lines.script)
    if any(urlsplit(each.url).scheme == "http" for each in scene.framed):
        yield finding("mixed_frame", lines.iframe)
    if any(each.shop.lower().startswith("http:") for each in scene.ours):
        yield finding("mixed_shop", lines.element)


def _origin(scene: Scene) -> Iterator[Finding]:
    """Whether the page's own address may hold the frame."""
    site, shop = scene.site, scene.shop
    if site in shop.hosts:
        if site == _frame_host(scene):
            yield finding("same_address", site=site)
        return
    if site in shop.allowed:
        return
    if not scene.is_encrypted and not is_local(host_of(site)):
        yield finding("not_encrypted", f"https{scene.visit.url.removeprefix('http')}")
        site = f"https{site.removeprefix('http')}"
    if site in shop.allowed:
        return
    if site in shop.sites:
        yield finding("elsewhere" if shop.sites[site] else "not_proven", site=site)
    else:
        came_from = origin_of(scene.visit.address) or ""
        yield finding("not_named" if host_of(came_from) == host_of(site) else "moved", site=site)


def _copies(scene: Scene) -> Iterator[Finding]:
    """Whether something stands there twice."""
    scripts = Counter(urlsplit(each.url).path for each in scene.scripts if scene.is_ours(each.url))
    if sum(scripts.values()) > 1:
        yield finding("two_scripts", "", WARNING)
    if len(scene.ours) + len(scene.framed) > 1:
        yield finding("two_frames", "", WARNING)


def _closed(scene: Scene) -> Iterator[Finding]:
    if not scene.shop.is_open:
        yield finding("closed")


_RULES: Final[Sequence[Callable[[Scene], Iterator[Finding]]]] = (
    _origin,
    _script,
    _mixed,
    _policies,
    _isolation,
    _sandboxes,
    _copies,
    _closed,
)
