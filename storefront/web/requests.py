"""How much of a form is read: pairs without number cost more to take apart than anything that is done with them."""

from io import BytesIO
from typing import IO

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

# A grid of fifty rows, or a page of two hundred blocks with all their rows, sent without a script.
MOST_FIELDS_OF_OFFICES = 20_000
PLAIN = "application/x-www-form-urlencoded"


class BoundedParser(FormDataParser):
    """Counts the pairs of a plain form before they are taken apart; Werkzeug counts only the parts of a multipart."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], "MultiDict[str, str]", "MultiDict[str, FileStorage]"]:
        """Raise ``RequestEntityTooLarge`` for more pairs than a form of this kind has."""
        if mimetype == PLAIN:
            body = stream.read()
            if self.max_form_parts is not None and body.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class ShopRequest(Request):
    """A request whose forms have a bound."""

    form_data_parser_class = BoundedParser
