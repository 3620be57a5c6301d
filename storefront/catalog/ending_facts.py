"""rule: what an ending asks of its holders and what becomes of a name under it, in sentences for people."""

from dataclasses import dataclass

from storefront.catalog.eligibility import remarks
from storefront.catalog.extra_fields import EVERYBODY, extra_fields
from storefront.catalog.tlds import Dnssec, Expiry, OwnerChange, Privacy, TldRules, TransferAuth, TransferEffect
from storefront.core.i18n import Text, ngettext
from storefront.core.i18n import lazy_gettext as _


@dataclass(frozen=True, kw_only=True)
class Section:
    """Some sentences about one side of an ending. ``countries`` are codes, where only some may register."""

    key: str
    title: Text
    sentences: tuple[Text, ...]
    countries: tuple[str, ...] = ()


def ending_sections(rules: TldRules, *, for_office: bool = False) -> list[Section]:
    """Say everything about an ending that somebody may want to know before buying; the office reads more of it."""
    sections = [
        Section(key="terms", title=_("For how long"), sentences=tuple(_terms(rules, for_office=for_office))),
        Section(
            key="holders",
            title=_("Who may register"),
            sentences=tuple(_holders(rules)),
            countries=tuple(sorted(rules.eligible_countries)),
        ),
        Section(key="transfer", title=_("Transfer"), sentences=tuple(_transfer(rules))),
        Section(key="owner", title=_("Change of owner"), sentences=tuple(_owner(rules))),
        Section(key="end", title=_("When the term ends"), sentences=tuple(_end(rules, for_office=for_office))),
        Section(key="technical", title=_("Name servers, letters, privacy"), sentences=tuple(_technical(rules))),
    ]
    return [section for section in sections if section.sentences]


# Remarks that mean more than a name and an address; the others only tell how a registry works.
_ASKING = frozenset({"identity_check", "local_link", "local_only"})


def needs_something(rules: TldRules) -> bool:
    """Whether a registry asks for more than a name and an address: a place, a kind of holder, further answers."""
    is_for_some = bool(rules.eligible_countries) or set(rules.registrant_kinds) != EVERYBODY
    return is_for_some or bool(rules.extra_fields) or not _ASKING.isdisjoint(rules.notes)


def _terms(rules: TldRules, *, for_office: bool) -> list[Text]:
    sentences = [_registered(rules.register_years), _renewed(rules.renew_years)]
    sentences.append(
        ngettext(
            "Never paid further than one year ahead.",
            "Never paid further than %(num)s years ahead.",
            rules.max_years_ahead,
        )
    )
    if for_office and rules.add_grace_refund and rules.add_grace_hours:
        sentences.append(
            _(
                "Deleted within %(hours)s hours after registration, the registry gives the price back.",
                hours=rules.add_grace_hours,
            )
        )
    return sentences


def _registered(years: tuple[int, ...]) -> Text:
    if len(years) == 1:
        return ngettext("Registered for one year.", "Registered for %(num)s years.", years[0])
    return _("Registered for %(first)s to %(last)s years.", first=min(years), last=max(years))


def _renewed(years: tuple[int, ...]) -> Text:
    if len(years) == 1:
        return ngettext("Renewed for one year at a time.", "Renewed for %(num)s years at a time.", years[0])
    return _("Renewed for %(first)s to %(last)s years at a time.", first=min(years), last=max(years))


_KINDS: dict[str, Text] = {
    "individual": _("people"),
    "company": _("companies"),
    "association": _("associations"),
    "publicbody": _("public bodies"),
}


def _holders(rules: TldRules) -> list[Text]:
    sentences: list[Text] = []
    if set(rules.registrant_kinds) != EVERYBODY:
        kinds = ", ".join(str(_KINDS[kind]) for kind in rules.registrant_kinds)
        sentences.append(_("Only for: %(kinds)s.", kinds=kinds))
    if rules.eligible_countries and rules.citizens_eligible:
        sentences.append(
            _("For people who live in or are citizens of certain countries, and for organisations established there.")
        )
    elif rules.eligible_countries:
        sentences.append(_("For people and organisations in certain countries."))
    elif not sentences:
        sentences.append(_("Open to people and organisations everywhere."))
    known = extra_fields()
    sentences += [_("The registry asks: %(question)s", question=known[key].label) for key in rules.extra_fields]
    if rules.phone_required:
        sentences.append(_("A phone number is required."))
    if rules.email_verification:
        sentences.append(_("The holder confirms the e-mail address within 15 days; else the name is switched off."))
    return [*sentences, *remarks(rules)]


_CODES: dict[TransferAuth, Text] = {
    TransferAuth.CODE: _("Needs the transfer code of the present provider."),
    TransferAuth.CODE_AND_MAIL: _("Needs the transfer code, and a click in a letter that the registry sends."),
    TransferAuth.TAG: _("Begins at the present provider, by changing the tag to ours; there is no code."),
}
_EFFECTS: dict[TransferEffect, Text] = {
    TransferEffect.ADD: _("The remaining time stays, and what is bought with it is added."),
    TransferEffect.KEEP: _("The last day stays as it is; no time is added."),
    TransferEffect.RESET: _("A new term begins on the day of the transfer."),
}


def _transfer(rules: TldRules) -> list[Text]:
    sentences = [_CODES[rules.transfer_auth], _EFFECTS[rules.transfer_effect]]
    if rules.transfer_days:
        sentences.append(
            ngettext("Takes up to one day.", "Takes up to %(num)s days.", rules.transfer_days),
        )
    blocked = max(rules.transfer_blocked_days_after_create, rules.transfer_blocked_days_after_transfer)
    if blocked:
        sentences.append(
            ngettext(
                "Not possible within one day after a registration or transfer.",
                "Not possible within %(num)s days after a registration or transfer.",
                blocked,
            )
        )
    return sentences


_OWNERS: dict[OwnerChange, Text] = {
    OwnerChange.COR_ICANN: _("Both the present and the new holder confirm it by e-mail (ICANN's rules)."),
    OwnerChange.TRADE: _("Both sides confirm it; the registry may charge for it."),
    OwnerChange.UPDATE: _("Done by changing the data, free of charge."),
    OwnerChange.FORM: _("Needs a signed form."),
}


def _owner(rules: TldRules) -> list[Text]:
    sentences = [_OWNERS[rules.owner_change]]
    if rules.owner_change_lock_days:
        sentences.append(
            ngettext(
                "Afterwards the name cannot be transferred for one day.",
                "Afterwards the name cannot be transferred for %(num)s days.",
                rules.owner_change_lock_days,
            )
        )
    return sentences


def _end(rules: TldRules, *, for_office: bool) -> list[Text]:
    sentences: list[Text] = []
    if rules.renew_grace_days:
        sentences.append(
            ngettext(
                "After the last day it can be renewed at the normal price for one more day.",
                "After the last day it can be renewed at the normal price for %(num)s more days.",
                rules.renew_grace_days,
            )
        )
    else:
        sentences.append(_("It must be renewed before the last day is over."))
    if rules.may_restore and rules.redemption_days:
        sentences.append(
            ngettext(
                "Then it can be got back for one day, at the price of a restore.",
                "Then it can be got back for %(num)s days, at the price of a restore.",
                rules.redemption_days,
            )
        )
    elif not rules.may_restore:
        sentences.append(_("After that it cannot be got back."))
    if rules.pending_delete_days:
        sentences.append(
            ngettext(
                "One day later it is free for everybody.",
                "%(num)s days later it is free for everybody.",
                rules.pending_delete_days,
            )
        )
    if for_office:
        sentences += _end_for_office(rules)
    return sentences


_EXPIRIES: dict[Expiry, Text] = {
    Expiry.REGISTRY_RENEWS: _("The registry renews by itself at the end; an unpaid renewal must be undone in time."),
    Expiry.EXPLICIT: _("The registry waits for our command; without it the name is lost."),
    Expiry.NO_TERM: _("The registry knows no term; the registrar invoices one."),
}


def _end_for_office(rules: TldRules) -> list[Text]:
    sentences = [_EXPIRIES[rules.expiry]]
    if rules.renew_lead_days:
        sentences.append(
            ngettext(
                "Our command must be out one day before the end.",
                "Our command must be out %(num)s days before the end.",
                rules.renew_lead_days,
            )
        )
    return sentences


_PRIVACY: dict[Privacy, Text] = {
    Privacy.NONE: _("The data of the holder cannot be hidden."),
    Privacy.OFFERED: _("The data of the holder can be hidden."),
    Privacy.BY_REGISTRY: _("The registry itself hides the data of private people."),
}


def _technical(rules: TldRules) -> list[Text]:
    sentences: list[Text] = [
        _(
            "Between %(least)s and %(most)s name servers.",
            least=rules.nameservers_min,
            most=rules.nameservers_max,
        )
    ]
    if rules.nameservers_checked:
        sentences.append(_("They are checked before the registry takes them."))
    sentences.append(
        _("Names with accents and other letters are possible.")
        if rules.takes_idn
        else _("Letters a to z, digits and hyphens.")
    )
    if rules.min_length > 1:
        sentences.append(
            _("At least %(least)s characters, at most %(most)s.", least=rules.min_length, most=rules.max_length)
        )
    sentences.append(
        _("Can be signed (DNSSEC).") if rules.dnssec is not Dnssec.NONE else _("Cannot be signed (DNSSEC).")
    )
    sentences.append(_PRIVACY[rules.privacy])
    return sentences
