"""Exceptions whose text is one sentence for the user, each with its exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class NevkgError(Exception):
    """Base class of all errors meant for users; the text is one clear sentence."""

    exit_code = 3


class InvalidData(NevkgError):
    """The data is invalid: for example, a file does not parse or a selector does not match."""

    exit_code = 1


class WrongUsage(NevkgError):
    """The request names something that does not exist, or cannot be understood."""

    exit_code = 2


class NotAllowed(WrongUsage):
    """The request is valid but not permitted here."""


class CouldNotRun(NevkgError):
    """The environment failed: for example, a file is missing or a server cannot be reached."""

    exit_code = 3


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Turns the error of an import into CouldNotRun, which names the extra that includes the package."""
    try:
        yield
    except ImportError as error:
        raise CouldNotRun(f"This needs a package that is not installed ({error.name}): pip install 'nevkg[{extra}]'.") from None
