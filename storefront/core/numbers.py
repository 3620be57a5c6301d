"""rule: whole numbers as pages and people send them, read within bounds."""


def read_whole(typed: str, *, least: int = 0, most: int) -> int | None:
    """Read a whole number; ``None`` for anything else, and for what lies outside of ``least`` and ``most``.

    How long a text is, is seen before it is read: thousands of digits are no number that Python or a database takes.
    """
    text = typed.strip()
    if not (text.isascii() and text.isdecimal()) or len(text.lstrip("0")) > len(str(most)):
        return None
    number = int(text[-len(str(most)) :])
    return number if least <= number <= most else None
