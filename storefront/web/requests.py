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
# A plain form is read at once, also where files may be as large as a whole site: those come in pieces, as multipart.
LARGEST_PLAIN = 2 * 1024 * 1024


class BoundedParser(FormDataParser):
    """Counts the pairs of a plain form before they are taken apart; Werkzeug counts only the parts of a multipart."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], "MultiDict[str, str]", "MultiDict[str, FileStorage]"]:
        """Raise ``RequestEntityTooLarge`` for a longer form, or more pairs, than one of this kind has."""
        if mimetype == PLAIN:
            body = stream.read(LARGEST_PLAIN + 1)
            has_too_many = self.max_form_parts is not None and body.count(b"&") >= self.max_form_parts
            if len(body) > LARGEST_PLAIN or has_too_many:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class ShopRequest(Request):
    """A request whose forms have a bound."""

    form_data_parser_class = BoundedParser
