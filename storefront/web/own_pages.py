"""The pages without an address that the web shows, by their keys: what each is, cms/special_rules.py says."""

from typing import Final

NOT_FOUND: Final = "~not-found"
BROKEN: Final = "~broken"
MAINTENANCE: Final = "~maintenance"
PARKED_PAGE: Final = "~parked"
RESTRAINED_PAGE: Final = "~parked-restrained"
# Said on the hosts of the shop itself; made ready together with its name and menus.
OF_SHOP: Final = (NOT_FOUND, BROKEN, MAINTENANCE)
