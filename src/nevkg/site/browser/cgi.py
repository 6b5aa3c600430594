"""Python 3.13 and newer have no ``cgi``, which WebOb imports for forms; the engine receives none."""


class FieldStorage:
    """A form."""


def parse_header(line: str) -> tuple[str, dict[str, str]]:
    """Reads a header of a form."""
    raise NotImplementedError(line)
