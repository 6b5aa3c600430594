"""``python -m tests.interop``: runs the test suites of W3C and writes docs/conformance.md."""

from __future__ import annotations

import sys

from tests.interop.page import FILE, make_page, write_page
from tests.interop.suites import find_surprises, read_gaps, read_plan

from nevkg.errors import NevkgError


def main() -> int:
    """Runs all suites and writes the page, unless a result differs from the known gaps."""
    plan, gaps = read_plan(), read_gaps()
    try:
        outcomes = plan.run()
        surprises = find_surprises(outcomes, gaps)
        if surprises:
            print("\n".join(surprises), file=sys.stderr)
            return 1
        written = write_page(make_page(plan, outcomes, gaps))
    except NevkgError as error:
        print(f"tests.interop: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{FILE} is {'written' if written else 'up to date'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
