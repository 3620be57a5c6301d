"""The form by which visitors write to a shop: its fields, and what tells a person from a machine.

Nothing is asked of third parties. A field that people do not see stays empty; a sealed moment says when the form was
made, so that one sent within seconds or after hours has to be looked at once more; the guards count how often.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import url_for
from wtforms import TextAreaField, ValidationError
from wtforms.validators import InputRequired, Optional

from cms.visitor_messages import LONGEST_WORDS, Said
from storefront.core import clock
from storefront.core.db import Work
from storefront.core.i18n import lazy_words as _
from storefront.core.sealing import Unsealable, seal, unseal
from storefront.identity.email_addresses import email_problem
from storefront.web.fields import Hidden, Pick, Tick, options
from storefront.web.forms import Form, Line, at_most, required
from storefront.web.rendering import make_anew_after

PURPOSE: Final = "contact form"
SOONEST: Final = timedelta(seconds=3)
LATEST: Final = timedelta(hours=2)


class MessageForm(Form):
    """Who somebody is and what they want; ``website`` is the field that only machines fill in."""

    name = Line(_("Your first and last name"), longest=120)
    email = Line(_("Your e-mail address"), longest=254)
    phone = Line(_("Telephone"), longest=40, optional=True, validators=[Optional()])
    topic = Pick(_("What it is about"))
    words = TextAreaField(_("Your message"), [required(), at_most(LONGEST_WORDS)])
    website = Line(_("Leave this empty"), longest=200, optional=True)
    consent = Tick(validators=[InputRequired(_("Please agree, or write to us in another way."))])
    stamp = Hidden()

    def __init__(self, block: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "prefix": prefix_of(str(block["id"]))})
        self.consent.label.text = str(block["consent"])
        self.topic.choices = options((each, each) for each in block["topics"])
        if not block["topics"]:
            del self.topic
        if not block["asks_phone"]:
            del self.phone

    def validate_email(self, field: Line) -> None:
        """Refuse what no letter could be sent to."""
        problem = email_problem(field.data or "")
        if problem is not None:
            raise ValidationError(str(problem.message))

    @property
    def is_from_a_machine(self) -> bool:
        """Whether something was written where people see nothing."""
        return bool(self.website.data)

    def said(self) -> Said:
        """Return what was written, without signs that no keyboard types."""
        asked = {name: (self[name].data or "") for name in ("topic", "phone") if name in self}
        return Said(
            name=self.name.data or "",
            email=self.email.data or "",
            words=_plain(self.words.data or ""),
            consent=str(self.consent.label.text),
            answers={name: answer for name, answer in asked.items() if answer},
        )


def _plain(words: str) -> str:
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter == "\n" or letter.isprintable()).strip()


def prefix_of(block_id: str) -> str:
    """Return what begins the names of a form's fields: two forms of a page are told apart by it."""
    return f"m{hashlib.sha256(block_id.encode()).hexdigest()[:8]}-"


def form_facts(db: Work, block: Mapping[str, Any], page_id: UUID) -> dict[str, Any]:
    """Return the empty form of a block and where it leads."""
    form = MessageForm(block, formdata=None)
    form.stamp.data = fresh_stamp(db)
    make_anew_after(LATEST.total_seconds() / 2)
    action = url_for("contact.write", page_id=page_id, block_id=block["id"])
    return {"form": form, "action": action}


def fresh_stamp(db: Work) -> str:
    """Seal this moment, for a form that is made now."""
    return seal(db.config, clock.now().isoformat(), purpose=PURPOSE, owner=db.reseller_id)


def is_good_stamp(db: Work, stamp: str) -> bool:
    """Whether a form was made long enough ago for a person to fill it in, and not too long."""
    try:
        made_at = datetime.fromisoformat(unseal(db.config, stamp, purpose=PURPOSE, owner=db.reseller_id))
    except (Unsealable, ValueError):
        return False
    return SOONEST <= clock.now() - made_at <= LATEST


def has_form(block: Mapping[str, Any], block_id: str) -> bool:
    """Whether a block of a page is the form of this id."""
    return block.get("kind") == "contact_form" and str(block.get("id")) == block_id
