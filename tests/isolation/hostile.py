"""What nobody should type, and everybody will."""

from dataclasses import dataclass, field

LONG = "a" * 10_240
WICKED: dict[str, str] = {
    "empty": "",
    "10 kB": LONG,
    "emoji": "🦭👩\u200d👩\u200d👧🏴\u200d☠️",
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd\u202c \u0645\u0631\u062d\u0628\u0627",
    "NUL": "a\x00b",
    "SQL": "'; DROP TABLE customer; --",
    "HTML": '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "template": "{{7*7}}${7*7}{% raw %}#{7*7}",
    "long number": "9" * 400,
    "longer than Python reads": "001" + "9" * 5_000,
    "more than a column of integers": "2147483648",
    "more cents than such a column": "21474836.48",
    "nine digits": "999999999",
    "negative": "-1",
    "fraction": "1e309",
    "not a number": "NaN",
    "newline": "a\r\nSet-Cookie: x=y",
    "path": "../../../../etc/passwd",
    "address": "https://evil.test/",
    "lone surrogate": "\ud800",
    "format": "%(name)s %s %d {0}",
    "an hour that clocks jump over": "2026-03-29T02:30",
    "dots": "..........",
    "other digits": "\u0661\u0662\u0663",
}
# Chosen to catch the same faults as all of them: length, control, escaping, number.
SAMPLE = ("empty", "10 kB", "NUL", "HTML", "long number", "lone surrogate")
TRACES = ("Traceback (most recent call last)", "sqlalchemy.", "psycopg.", "jinja2.", 'File "/')
UNESCAPED = ("<script>alert(1)</script>", "<img src=x onerror")


@dataclass(kw_only=True)
class Faults:
    """What went wrong in one walk, to be shown all at once."""

    found: list[str] = field(default_factory=list)

    def judge(self, place: str, status: int, body: str, headers: str) -> None:
        """Look at one answer."""
        if status >= 500:
            self.found.append(f"{place}: {status}")
        self.found += [f"{place}: shows {trace!r}" for trace in TRACES if trace in body]
        self.found += [f"{place}: {tag!r} unescaped" for tag in UNESCAPED if tag in body]
        if "49" in body and "{{7*7}}" not in body and "7*7" in place:
            self.found.append(f"{place}: a template was run")
        if "x=y" in headers:
            self.found.append(f"{place}: a header was typed in")
