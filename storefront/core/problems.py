"""Problem: one thing to mend, and the field it stands in."""

from collections.abc import Iterable
from dataclasses import dataclass

from storefront.core.errors import Refused
from storefront.core.i18n import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what somebody typed.

    ``field`` names the input, ``message`` is a sentence that says what to do, ``code`` is a word for programs.
    """

    field: str
    message: Text
    code: str = ""


def refuse_problems(problems: Iterable[Problem]) -> None:
    """Raise ``Refused`` with the first problem, if there is one."""
    for problem in problems:
        raise Refused(problem.message, field=problem.field)
