"""rule: a piece of a page as a dataclass, and what is known of its fields."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from cms.block_fields import Spec
from storefront.core.i18n import Text


@dataclass(frozen=True, kw_only=True)
class Block:
    """One piece of a page; ``kind`` is also the name of its template in cms/blocks.

    ``label`` is what editors call it, ``about`` one sentence on what it is for, ``sign`` the name of its icon. ``id``
    stays with a block through all versions and languages of its page. ``area`` is where the list of kinds shows it.
    ``most_on_page`` is how many of its kind a page may have, 0 any: what shows the shop is made for each visitor.
    """

    kind: ClassVar[str] = ""
    label: ClassVar[Text] = ""
    about: ClassVar[Text] = ""
    sign: ClassVar[str] = "pages"
    area: ClassVar[str] = "words"
    most_on_page: ClassVar[int] = 0
    id: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the block as a page version keeps it."""
        kept = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "id"}
        return {**({"id": self.id} if self.id else {}), "kind": self.kind, **kept}


def specs_of(kind: type[Block]) -> Mapping[str, Spec]:
    """Return the fields that are edited, by name and in their order."""
    return {each.name: each.metadata["spec"] for each in fields(kind) if "spec" in each.metadata}
