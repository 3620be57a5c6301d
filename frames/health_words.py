"""rule: the sentences of the health check: what is wrong, and what to do about it."""

from collections.abc import Callable, Mapping
from typing import Final

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

Facts = Mapping[str, str]

WELL: Final[Text] = _("All is well: the frame stands in the page, and nothing there keeps it from being shown.")
# What becomes of a page that was not looked at for a reason of ours.
UNKNOWN: Final[Text] = _("Something is not as it should be. Look again.")


def sentence(key: str, facts: Facts) -> Text:
    """Say one finding; the line that belongs to it stands below."""
    words = _WORDS.get(key)
    try:
        return words(facts) if words else UNKNOWN
    except KeyError:
        return UNKNOWN


def _sandbox(facts: Facts) -> Text:
    return _(
        "The iframe's sandbox lacks %(missing)s, so parts of the frame do nothing: give it this one, or none at all.",
        missing=facts["missing"],
    )


def _page_sandbox(facts: Facts) -> Text:
    return _(
        "The page's Content-Security-Policy puts all of it into a sandbox without %(missing)s: take the directive "
        "“sandbox” out, or let it say this.",
        missing=facts["missing"],
    )


def _inside(facts: Facts) -> Text:
    return _(
        "The lines stand inside another iframe, whose sandbox lacks %(missing)s: paste them into the page itself.",
        missing=facts["missing"],
    )


def _policy_script(facts: Facts) -> Text:
    if facts["where"] == "meta":
        return _(
            "The Content-Security-Policy in the page's meta element forbids the script: let its directive say this."
        )
    return _("The page's Content-Security-Policy forbids the script: let the header's directive say this.")


def _policy_sum(_facts: Facts) -> Text:
    return _(
        "The page's Content-Security-Policy names scripts by nonce or sum only (“strict-dynamic”), so "
        "ours does not run: "
        "let its directive say this, or give our script the page's nonce."
    )


def _policy_frame(facts: Facts) -> Text:
    if facts["where"] == "meta":
        return _(
            "The Content-Security-Policy in the page's meta element forbids the frame: let its directive say this."
        )
    return _("The page's Content-Security-Policy forbids the frame: let the header's directive say this.")


_WORDS: Final[Mapping[str, Callable[[Facts], Text]]] = {
    # Nothing came.
    "no_answer": lambda _facts: _(
        "The page did not answer in time: see in your browser whether its address is right, then look again."
    ),
    "not_allowed": lambda _facts: _(
        "Our servers may not go to this address, which is of no public page: write the address under which "
        "everybody sees it."
    ),
    "bad_certificate": lambda _facts: _(
        "The page's certificate is not in order, and browsers warn of it: have it renewed where the site is hosted."
    ),
    "packed": lambda _facts: _(
        "The page came packed although we asked for it plain, so we cannot read it: see in your browser whether the "
        "frame is shown."
    ),
    "circle": lambda _facts: _("The page leads on and on: write the address where your browser ends up."),
    "turned_away": lambda facts: _(
        "The page asks for a sign-in or turns us away (answer %(status)s): look again when everybody may see it.",
        status=facts["status"],
    ),
    "sign_in": lambda _facts: _(
        "This address shows a sign-in, not the page: look again when everybody may see it, or write another address."
    ),
    "not_there": lambda facts: _(
        "There is no page at this address (answer %(status)s): copy it from the address bar of your browser.",
        status=facts["status"],
    ),
    "error": lambda facts: _(
        "The page answers with an error (%(status)s): ask whoever runs the site, then look again.",
        status=facts["status"],
    ),
    "no_page": lambda facts: _(
        "At this address is no page but a file (%(type)s): write the address of the page that holds the frame.",
        type=facts["type"],
    ),
    # The lines are not there.
    "missing": lambda _facts: _("The lines are not in the page: paste them where the frame shall stand."),
    "built_by_script": lambda _facts: _(
        "The lines are not in the page as it is sent; scripts make the rest of it in the browser, where "
        "we cannot look: "
        "paste these lines if the frame is not shown there."
    ),
    "put_in_by_script": lambda _facts: _(
        "A script of the page puts ours in, which we do not carry out: paste these lines instead if the frame "
        "is not shown in your browser."
    ),
    "too_large": lambda _facts: _(
        "The page is so large that we read only its first part, and the lines are not in it: paste them "
        "nearer to its top."
    ),
    "only_link": lambda _facts: _(
        "Only the link stands in the page, so visitors leave it for your shop: if the page takes "
        "scripts, paste these "
        "lines instead."
    ),
    "as_text": lambda _facts: _(
        "The lines are shown as text instead of being carried out: paste them as HTML, such as into a "
        "block “Custom HTML”."
    ),
    "in_comment": lambda _facts: _(
        "The lines stand inside a comment, where browsers skip them: paste them outside of it."
    ),
    "asleep": lambda facts: _(
        "The lines stand inside <%(place)s>, where browsers do not carry them out: paste them outside of it.",
        place=facts["place"],
    ),
    "script_missing": lambda _facts: _(
        "The element stands in the page, but not the script that fills it; site builders often take "
        "scripts out: add it."
    ),
    "element_missing": lambda _facts: _(
        "The script stands in the page, but not the element: add it where the frame shall stand."
    ),
    "wrong_element": lambda facts: _(
        "The element is <%(tag)s>, but this frame needs <%(wanted)s>: put this in its place.",
        tag=facts["tag"],
        wanted=facts["wanted"],
    ),
    "other_shop": lambda facts: _(
        "The page holds the lines of another shop (%(host)s): put those of this frame in their place.",
        host=facts["host"],
    ),
    "other_frame": lambda facts: _(
        "Another frame of yours stands in the page (%(name)s): put this in to show this one.", name=facts["name"]
    ),
    "unknown_frame": lambda facts: _(
        "The page names a frame that your shop does not have (%(key)s): put this in its place.", key=facts["key"]
    ),
    "no_key": lambda _facts: _(
        "The lines in the page name no frame, so what you chose for this one does not count: put this in their place."
    ),
    "ordinary_page": lambda facts: _(
        "The iframe shows an ordinary page of your shop (%(path)s), which may not stand in others: put "
        "this in its place.",
        path=facts["path"],
    ),
    # The script.
    "old_version": lambda facts: _(
        "The page loads another version of the script (%(version)s): put today's in its place.",
        version=facts["version"] or "?",
    ),
    "held_back": lambda facts: _(
        "A tool for consent or speed holds the script back (%(by)s): tell it to leave this script alone.",
        by=facts["by"],
    ),
    "wrong_integrity": lambda _facts: _(
        "The sum in “integrity” does not fit the script, so browsers refuse it: put this line in its place."
    ),
    "no_crossorigin": lambda _facts: _(
        "The script has a sum but not the word “crossorigin”, so browsers refuse it: put this line in its place."
    ),
    # What the page forbids.
    "policy_script": _policy_script,
    "policy_script_sum": _policy_sum,
    "policy_frame": _policy_frame,
    "policy_style": lambda _facts: _(
        "The page's Content-Security-Policy ignores “style” in the markup, so no room is kept while the frame "
        "loads; nothing else is lost."
    ),
    "isolated": lambda _facts: _(
        "The page is isolated from others and shows no frames of theirs: let it send this header, or "
        "leave that one out."
    ),
    "sandbox": _sandbox,
    "page_sandbox": _page_sandbox,
    "inside_frame": _inside,
    "mixed_script": lambda _facts: _(
        "The page is encrypted, but loads the script without encryption, which browsers refuse: put this in its place."
    ),
    "mixed_frame": lambda _facts: _(
        "The page is encrypted, but its iframe is not, which browsers refuse: put this in its place."
    ),
    "mixed_shop": lambda _facts: _(
        "The element's attribute “shop” names an address without encryption, which browsers refuse: put "
        "this in its place."
    ),
    # Where it stands.
    "not_encrypted": lambda _facts: _(
        "The page is not encrypted, and frames open on encrypted pages only: lead visitors to this address."
    ),
    "not_named": lambda facts: _(
        "%(site)s is not among your sites, so browsers refuse the frame there: add it.", site=facts["site"]
    ),
    "not_proven": lambda facts: _(
        "%(site)s is not proven to be yours, so browsers refuse the frame there: enter its record.", site=facts["site"]
    ),
    "elsewhere": lambda facts: _(
        "This frame may stand on other sites only: change it so that it may stand on %(site)s.", site=facts["site"]
    ),
    "moved": lambda facts: _(
        "The page leads on to %(site)s, which is not among your sites: add it, or do not lead there.",
        site=facts["site"],
    ),
    "same_address": lambda facts: _(
        "Page and frame come from the same address (%(site)s), which browsers do not keep apart: take the lines of "
        "another host of your shop.",
        site=facts["site"],
    ),
    "two_scripts": lambda _facts: _(
        "The script stands in the page more than once: take the others out, since one is enough for all frames."
    ),
    "two_frames": lambda _facts: _(
        "This frame stands in the page more than once: keep one, since events and figures come from each."
    ),
    "closed": lambda _facts: _("The frame is closed, and says so to visitors: open it again."),
}
KEYS: Final = frozenset(_WORDS)
