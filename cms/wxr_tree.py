"""rule: what the editor of WordPress writes -> blocks in blocks, with their attributes; one pass, whatever is broken.

Each block stands between ``<!-- wp:name {…} -->`` and ``<!-- /wp:name -->`` or is only ``<!-- wp:name {…} /-->``.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

DEEPEST: Final = 40
MOST_NODES: Final = 20_000
LONGEST_SIGN: Final = 40_000
_SIGN: Final = re.compile(r"\s*(/?)wp:([a-z][a-z0-9_-]{0,60}(?:/[a-z][a-z0-9_-]{0,60})?)\s*")


@dataclass(slots=True)
class Node:
    """A block with what is in it, words and blocks in their order; nameless is what was written without blocks."""

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    inside: "list[Node | str]" = field(default_factory=list)

    def said(self, name: str) -> str:
        """Return an attribute that is a word."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) else ""

    def blocks(self) -> "list[Node]":
        """Return the blocks in it."""
        return [each for each in self.inside if isinstance(each, Node)]

    def markup(self) -> str:
        """Return all markup in it, without the signs of blocks."""
        return "".join(each if isinstance(each, str) else each.markup() for each in self.inside)


def tree_of(content: str) -> Node:
    """Read the content of a page."""
    root = Node("")
    stack = [root]
    place, nodes = 0, 0
    while (begin := content.find("<!--", place)) >= 0 and (end := content.find("-->", begin + 4)) >= 0:
        sign = content[begin + 4 : end]
        found = _SIGN.match(sign) if len(sign) <= LONGEST_SIGN else None
        _say(stack[-1], content[place:begin])
        place = end + 3
        if found is None:
            # <!--more--> and what people wrote for themselves.
            continue
        name = found[2].removeprefix("core/")
        if found[1]:
            _close(stack, name)
            continue
        nodes += 1
        if nodes > MOST_NODES:
            break
        rest = sign[found.end() :].strip()
        node = Node(name, _attributes(rest.removesuffix("/")))
        stack[-1].inside.append(node)
        if not rest.endswith("/") and len(stack) <= DEEPEST:
            stack.append(node)
    _say(stack[-1], content[place:])
    return root


def _say(node: Node, words: str) -> None:
    if words.strip():
        node.inside.append(words)


def _close(stack: list[Node], name: str) -> None:
    """End the innermost open block of this name, and what was left open in it."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            return


def _attributes(said: str) -> dict[str, Any]:
    try:
        found = json.loads(said) if said.strip().startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
