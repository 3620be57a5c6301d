"""What happens when: event -> reactions, one readable table for the whole product."""

from storefront.core.relay import Reactions

REACTIONS: Reactions = {}
