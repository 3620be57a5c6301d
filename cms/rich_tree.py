"""rule: markup that went through the cleaner -> a tree that can be walked."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# What lies deeper is taken as if it stood there: no text of people is nested like that, and walking it takes stack.
DEEPEST = 60
VOID = frozenset({"br", "hr"})


@dataclass(slots=True)
class Element:
    """A tag with what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)

    def style(self) -> dict[str, str]:
        """Return what its style says, by property, all in small letters."""
        said = (each.partition(":") for each in self.attributes.get("style", "").lower().split(";"))
        return {name.strip(): value.strip() for name, _, value in said if name.strip()}


class _Builder(HTMLParser):
    """Builds the tree; relies on the cleaner for tags that are closed and text that is escaped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside = self._open[-1]
        element = Element(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            inside.children.append(element)
        elif len(self._open) > DEEPEST:
            self._open.append(inside)
        else:
            inside.children.append(element)
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def tree_of(markup: str) -> Element:
    """Return markup as a tree under one element without a name."""
    builder = _Builder()
    builder.feed(markup)
    builder.close()
    return builder.root
