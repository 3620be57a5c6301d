"""Files as the European Central Bank publishes them, made up."""

HEAD = (
    '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
    'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>'
)


def bank_file(*days: str) -> bytes:
    """Make a file of some days."""
    return f"<?xml version='1.0' encoding='UTF-8'?>{HEAD}<Cube>{''.join(days)}</Cube></gesmes:Envelope>".encode()


def bank_day(on: str = "2026-11-20", **rates: str) -> str:
    """Make the part of a file that is one day."""
    cubes = "".join(f"<Cube currency='{currency}' rate='{rate}'/>" for currency, rate in rates.items())
    return f"<Cube time='{on}'>{cubes}</Cube>"
