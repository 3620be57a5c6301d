"""Event -> Messages for the right people, once each however often it comes; then each is delivered by a job."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.billing.files import keep_pdf
from storefront.core import jobs, stops
from storefront.core.db import Database, Work
from storefront.core.sealing import seal
from storefront.identity.email_addresses import LONGEST, email_problem, read_email
from storefront.notifications import deliver, facts_people, facts_prices
from storefront.notifications.compose import Composed, compose, language_of, one_line
from storefront.notifications.facts import Recipient, Told, facts_for, paper_of
from storefront.notifications.letters import Audience, Letter, letters_for
from storefront.notifications.look import LOGO_TYPE, Look, look_of
from storefront.notifications.models import Message
from storefront.notifications.people import find_platform, people_who_may
from storefront.notifications.senders import sender_address
from tenants.links import office_url, shop_url
from tenants.models import Reseller
from tenants.resellers import current_reseller

REGISTERED = facts_people.TOLD | facts_prices.TOLD
assert REGISTERED, "letters about people and prices find their words"  # noqa: S101 - keeps the imports that register them


@jobs.job(queue="soon", opens_own_work=True)
def send_letters(database: Database, reseller_id: UUID, event_id: str) -> None:
    """Write the letters of an event. Reaction to everything that people should hear of."""
    _send(database, reseller_id, UUID(event_id))


@jobs.job(queue="now", opens_own_work=True)
def send_letters_at_once(database: Database, reseller_id: UUID, event_id: str) -> None:
    """Write the letters of an event that somebody waits for before a screen: codes and links."""
    _send(database, reseller_id, UUID(event_id))


def _send(database: Database, reseller_id: UUID, event_id: UUID) -> None:
    with database.work(reseller_id) as db:
        paper = paper_of(db, jobs.event_of(db, event_id))
    if paper is not None:
        keep_pdf(database, reseller_id, paper.id)
    stops.point("letters.paper_kept")
    with database.work(reseller_id) as db:
        event = jobs.event_of(db, event_id)
        told = facts_for(db, event)
        seller = current_reseller(db)
        letters = letters_for(event) if told is not None else []
        for letter in letters:
            if told is not None and letter.audience is not Audience.OPERATOR:
                write(db, letter, told, cause_id=event_id)
        stops.point("letters.before_commit")
        db.commit()
    stops.point("letters.committed")
    for_operators = [letter for letter in letters if letter.audience is Audience.OPERATOR]
    if told is not None and for_operators:
        _tell_operators(database, for_operators, told, seller, event_id)


def _tell_operators(
    database: Database, letters: Sequence[Letter], told: Told, seller: Reseller, event_id: UUID
) -> None:
    """Write to the operators as the platform: their letters are the platform's own rows."""
    platform_id = find_platform(database)
    if platform_id is None:
        return
    with database.work(platform_id) as db:
        named = Told(values={**told.values, "reseller": seller.name}, links=told.links)
        for letter in letters:
            write(db, letter, named, cause_id=event_id)
        db.commit()


def write(db: Work, letter: Letter, told: Told, *, cause_id: UUID) -> None:
    """Write one letter to everybody who is to have it and did not get it yet."""
    known = set(
        db.scalars(select(Message.recipient).where(Message.cause_id == cause_id, Message.letter == letter.name))
    )
    look = look_of(db.config, current_reseller(db))
    for recipient in _readers(db, letter, told):
        if _stored(recipient.email) in known:
            continue
        composed = _composed(db, letter, told, recipient, look)
        message = db.add(_message(db, letter, told, recipient, composed, look=look, cause_id=cause_id))
        db.flush()
        known.add(message.recipient)
        if message.state == "queued":
            jobs.ask(db, job_of(letter), str(message.id))


def job_of(letter: Letter) -> str:
    """Name the job that delivers a kind of letter."""
    return (deliver.deliver_at_once if letter.is_urgent else deliver.deliver_message).__name__


def _readers(db: Work, letter: Letter, told: Told) -> Sequence[Recipient]:
    if letter.audience in {Audience.STAFF, Audience.OPERATOR} and letter.needs is not None:
        return people_who_may(db, str(letter.audience), letter.needs)
    return [told.to] if told.to is not None else []


def _composed(db: Work, letter: Letter, told: Told, recipient: Recipient, look: Look) -> Composed:
    reseller = current_reseller(db)
    language = language_of(recipient.locale)
    links = {name: _address(db, reseller, path, language) for name, path in told.links.items()}
    return compose(
        letter.name,
        {**told.values, "links": links, "name": recipient.name},
        look=look,
        locale=language,
        zone=reseller.zone,
    )


def _address(db: Work, reseller: Reseller, path: str, language: str) -> str:
    place = office_url if path.startswith(("/reseller/", "/operator/")) else shop_url
    return place(db.config, reseller, path, language)


def _message(
    db: Work, letter: Letter, told: Told, recipient: Recipient, composed: Composed, *, look: Look, cause_id: UUID
) -> Message:
    problem, reseller = email_problem(recipient.email), current_reseller(db)
    body = {"text": composed.text, "html": composed.html}
    if letter.is_sealed:
        body |= _answers_to(told)
    sealed = (
        seal(db.config, json.dumps(body), purpose=deliver.LETTER_BODY, owner=db.reseller_id) if letter.is_sealed else ""
    )
    return Message(
        cause_id=cause_id,
        letter=letter.name,
        recipient=_stored(recipient.email),
        recipient_name=one_line(recipient.name, 120),
        customer_id=recipient.customer_id,
        locale=language_of(recipient.locale),
        sender=sender_address(db.config, reseller),
        sender_name=one_line(reseller.sender_name or look.name, 120),
        subject=composed.subject,
        sealed=sealed,
        attachments=_attachments(told, look),
        state="failed" if problem else "queued",
        error=str(problem.message) if problem else "",
        queued_at=db.now,
        **({} if sealed else body),
    )


def _answers_to(told: Told) -> dict[str, str]:
    """Return where answers to a letter go, sealed with its words; nothing if that is no address letters reach."""
    answerer = told.answers_to
    if answerer is None or email_problem(answerer.email):
        return {}
    return {"reply": read_email(answerer.email).address, "reply_name": one_line(answerer.name, 120)}


def _stored(email: str) -> str:
    """Return an address as its row keeps it: what is no address is cut to a length that an index takes."""
    return one_line(email, LONGEST) if email_problem(email) else read_email(email).address


def _attachments(told: Told, look: Look) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": f"{picture.content_id}.png", "digest": picture.digest, "type": LOGO_TYPE, "cid": picture.content_id}
        for picture in look.pictures
    ]
    if told.document is not None:
        name = f"{one_line(told.document.number, 60).replace('/', '-')}.pdf"
        found.append({"name": name, "digest": told.document.pdf_digest, "type": "application/pdf"})
    return found
