"""The keys that the shop and its own sandbox gateway share, made from the ring of the installation."""

from storefront.core import sealing
from storefront.core.config import Config


def gateway_key(config: Config) -> str:
    """Return the key with which the shop speaks to the sandbox gateway."""
    return sealing.sign(config, "key", purpose="sandbox gateway")


def notice_secret(config: Config) -> str:
    """Return the secret with which the sandbox gateway signs its notices."""
    return sealing.sign(config, "notices", purpose="sandbox gateway")
