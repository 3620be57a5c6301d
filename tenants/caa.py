"""rule: which authorities may issue a certificate for a name, as its zone says (CAA, RFC 8659)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

CRITICAL = 128  # the flag of a property that must be understood before anything is issued (RFC 8659, 4.1)
KNOWN_TAGS = frozenset({"issue", "issuewild", "iodef", "issuemail", "issuevmc", "contactemail", "contactphone"})
METHOD = "http-01"  # how this platform's names are validated (RFC 8657, 3)


@dataclass(frozen=True, kw_only=True)
class Caa:
    """One CAA record."""

    flags: int
    tag: str
    value: str

    @property
    def issuer(self) -> str:
        """The authority that an issue property names; empty when it names none, which forbids everybody."""
        return self.value.partition(";")[0].strip().rstrip(".").lower()

    @property
    def methods(self) -> frozenset[str]:
        """The ways of validation that are allowed; empty when all are (RFC 8657)."""
        for parameter in self.value.split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "validationmethods":
                return frozenset(each.strip().lower() for each in value.split(",") if each.strip())
        return frozenset()


def parse_caa(text: str) -> Caa | None:
    """Read ``0 issue letsencrypt.org``; None for what is no CAA record."""
    parts = text.split(" ", 2)
    if len(parts) < 2 or not parts[0].isdigit():  # noqa: PLR2004 - flags and tag; the value may be empty
        return None
    value = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 - the same
    return Caa(flags=int(parts[0]), tag=parts[1].lower(), value=value.strip().strip('"'))


def climb(host: str) -> list[str]:
    """The names that are asked one after the other until one has CAA records: the host and all above it."""
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def relevant(host: str, records_at: Callable[[str], Iterable[str]]) -> tuple[str, tuple[Caa, ...]]:
    """Return the nearest name with CAA records, and these records (RFC 8659, 3); nothing where there are none."""
    for name in climb(host):
        found = tuple(record for text in sorted(records_at(name)) if (record := parse_caa(text)))
        if found:
            return name, found
    return "", ()


def may_issue(records: Iterable[Caa], issuer: str) -> bool:
    """Whether an authority may issue for a plain name.

    Only ``issue`` counts: ``issuewild`` is about wildcards, ``iodef`` only says whom to tell (RFC 8659, 4.2 to 4.4).
    """
    kept = list(records)
    if any(record.flags & CRITICAL and record.tag not in KNOWN_TAGS for record in kept):
        return False
    named = [record for record in kept if record.tag == "issue"]
    if not named:
        return True
    return any(record.issuer == issuer.lower() and (not record.methods or METHOD in record.methods) for record in named)
