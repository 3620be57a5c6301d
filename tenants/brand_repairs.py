"""rule: what was changed of the colours a reseller chose so that everything can be read, said in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from tenants.brand_colours import Brand, PlainColours, Scheme, contrast, plain_colours, roles_of
from tenants.brand_elements import ELEMENTS, STRIPS, strip_roles
from tenants.colour_space import colour_from_hex, luminance

# Below this share of luminance nobody sees a difference, and nobody needs to be told.
UNSEEN: Final = 0.006


@dataclass(frozen=True, kw_only=True)
class Repair:
    """One colour that became another: #rrggbb before and after, the ratio it has now, and why in one sentence."""

    element: str
    asked: str
    made: str
    ratio: float
    sentence: Text


def repairs(brand: Brand) -> list[Repair]:
    """Return every repair of a brand, the most visible first: buttons, grounds, words, states."""
    schemes: tuple[Scheme, ...] = ("light", "dark") if brand.scheme == "both" else (_only(brand),)
    found: dict[tuple[str, str, str], Repair] = {}
    for scheme in schemes:
        plain = plain_colours(brand, scheme)
        for repair in _of_scheme(brand, plain, scheme):
            if abs(_light(repair.asked) - _light(repair.made)) > UNSEEN:
                found.setdefault((repair.element, repair.asked, repair.made), repair)
    return list(found.values())


def derived_colours(brand: Brand) -> dict[str, str]:
    """Return what holds for each element that has no colour of its own, as #rrggbb, in the brand's first scheme."""
    plain = plain_colours(replace(brand, **dict.fromkeys(ELEMENTS, "")), _only(brand))
    return {
        "page": plain.page,
        "surface": plain.surface,
        "header": plain.surface,
        "footer": plain.sunken,
        "menu": plain.page,
        "text": plain.ink,
        "link": plain.link,
        "button": plain.button.fill,
        **{name: plain.tones[name].fill for name in ("success", "warning", "danger")},
    }


def _only(brand: Brand) -> Scheme:
    return "dark" if brand.scheme == "dark" else "light"


def _light(colour: str) -> float:
    return luminance(colour_from_hex(colour))


def _of_scheme(brand: Brand, plain: PlainColours, scheme: Scheme) -> Iterator[Repair]:
    yield from _of_buttons(brand, plain, scheme)
    yield from _of_strips(brand, plain, scheme)
    yield from _of_grounds(brand, plain, scheme)
    yield from _of_words(brand, plain, scheme)
    yield from _of_states(brand, plain, scheme)


def _of_buttons(brand: Brand, plain: PlainColours, scheme: Scheme) -> Iterator[Repair]:
    asked = brand.button or brand.brand
    made = plain.button.fill
    values = {"asked": asked, "made": made}
    if scheme == "light":
        sentence = _("Buttons: %(asked)s was darkened to %(made)s so that white text can be read on it.", **values)
    elif _light(made) > _light(asked):
        sentence = _("Buttons in dark colours: %(asked)s was lightened to %(made)s so that they stand out.", **values)
    else:
        return
    yield Repair(
        element="button" if brand.button else "brand",
        asked=asked,
        made=made,
        ratio=contrast(plain.button.on, made),
        sentence=sentence,
    )


def _of_strips(brand: Brand, plain: PlainColours, scheme: Scheme) -> Iterator[Repair]:
    sentences = {
        "header": _("The header was darkened from %(asked)s to %(made)s so that white text can be read on it."),
        "footer": _("The footer was darkened from %(asked)s to %(made)s so that white text can be read on it."),
        "menu": _("The panel's menu was darkened from %(asked)s to %(made)s so that white text can be read on it."),
    }
    for name in STRIPS:
        asked = getattr(brand, name)
        if not asked or scheme != "light":
            continue
        inner = strip_roles(asked, roles_of(plain), dark=False)
        yield _repair(name, asked, inner["surface"], inner["ink"], sentences[name])


def _of_grounds(brand: Brand, plain: PlainColours, scheme: Scheme) -> Iterator[Repair]:
    lighter = {
        "page": _("The page was lightened from %(asked)s to %(made)s so that dark text can be read on it."),
        "surface": _(
            "Cards and boxes were lightened from %(asked)s to %(made)s so that dark text can be read on them."
        ),
    }
    darker = {
        "page": _("The page in dark colours was darkened from %(asked)s to %(made)s so that light text can be read."),
        "surface": _("Boxes in dark colours were darkened from %(asked)s to %(made)s so that light text can be read."),
    }
    for name, sentence in (lighter if scheme == "light" else darker).items():
        asked = getattr(brand, name)
        # A light colour in the dark scheme is not repaired but answered with its dark relative.
        if asked and (scheme == "light" or _light(asked) < 0.18):  # noqa: PLR2004 - what seems dark
            yield _repair(name, asked, getattr(plain, name), plain.ink, sentence)


def _of_words(brand: Brand, plain: PlainColours, scheme: Scheme) -> Iterator[Repair]:
    if scheme == "dark" and brand.scheme == "both":
        return  # dark words turned light are what the dark scheme is
    darker = scheme == "light"
    if brand.text:
        sentence = (
            _("Text was darkened from %(asked)s to %(made)s so that it can be read on the page.")
            if darker
            else _("Text was lightened from %(asked)s to %(made)s so that it can be read on the page.")
        )
        yield _repair("text", brand.text, plain.ink, plain.page, sentence)
    sentence = (
        _("Links and words in your colour were darkened from %(asked)s to %(made)s so that they can be read.")
        if darker
        else _("Links and words in your colour were lightened from %(asked)s to %(made)s so that they can be read.")
    )
    yield _repair("link" if brand.link else "brand", brand.link or brand.brand, plain.link, plain.surface, sentence)


def _of_states(brand: Brand, plain: PlainColours, scheme: Scheme) -> Iterator[Repair]:
    if scheme != "light":
        return
    sentences = {
        "success": _("Words that tell of success were darkened from %(asked)s to %(made)s."),
        "warning": _("Words that warn were darkened from %(asked)s to %(made)s."),
        "danger": _("Words that tell of an error were darkened from %(asked)s to %(made)s."),
        "accent": _("Words in your second colour were darkened from %(asked)s to %(made)s."),
    }
    for name, sentence in sentences.items():
        if asked := getattr(brand, name):
            tone = plain.tones[name]
            yield _repair(name, asked, tone.ink, tone.soft, sentence)


def _repair(element: str, asked: str, made: str, other: str, sentence: Text) -> Repair:
    return Repair(
        element=element,
        asked=asked,
        made=made,
        ratio=contrast(made, other),
        sentence=sentence % {"asked": asked, "made": made},
    )
