"""rule: what people call the browser that a User-Agent line means."""

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

# In this order: each later browser is also claimed by the earlier ones.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(line: str) -> Text:
    """Return words such as "Firefox on Linux"; only for the eye, since anybody may send any line."""
    browser = next((name for mark, name in _BROWSERS if mark in line), "")
    system = next((name for mark, name in _SYSTEMS if mark in line), "")
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("Unknown browser")
