"""``python -m storefront.leaks SHOP [CERTIFICATE.pem]``: list every place where customers can read of the platform."""

import sys
from pathlib import Path

from storefront.app import create_app
from storefront.core.config import BadSettings
from storefront.core.errors import NotFound
from storefront.leaks.scan import Report, scan

USAGE = "usage: ./run leaks SHOP [CERTIFICATE.pem]; SHOP is its short name, such as nordhost"


def main(arguments: list[str]) -> int:
    """Search one shop; returns 0 where nothing names the platform, 1 where something does."""
    if not 1 <= len(arguments) <= 2:  # noqa: PLR2004 - the shop, and perhaps its certificate
        print(USAGE, file=sys.stderr)
        return 2
    try:
        certificate = Path(arguments[1]).read_bytes() if arguments[1:] else b""
        report = scan(create_app(), arguments[0], certificate=certificate)
    except NotFound:
        print(f"There is no shop {arguments[0]!r}.", file=sys.stderr)
        return 2
    except (BadSettings, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(told(report)))
    return 1 if report.leaks else 0


def told(report: Report) -> list[str]:
    """Write the report for a terminal."""
    looked = ", ".join(f"{number} of kind {channel}" for channel, number in sorted(report.looked_at.items()))
    lines = [f"{report.host}: looked at {looked}."]
    if not report.leaks:
        return [*lines, "Nothing names the platform."]
    lines += [f"{leak.channel}: {leak.place}: {leak.word!r} in “{leak.excerpt}”" for leak in report.leaks]
    return [*lines, f"{len(report.leaks)} places name the platform."]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
