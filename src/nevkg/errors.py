"""What can go wrong, told in one sentence; each kind carries the exit code of the command line."""


class NevkgError(Exception):
    """Base of all errors meant for the reader; its text is one clear sentence."""

    exit_code = 3


class InvalidData(NevkgError):
    """The data breaks a rule: a file does not parse, a selector does not match."""

    exit_code = 1


class WrongUsage(NevkgError):
    """The user asked for something that does not exist or cannot be understood."""

    exit_code = 2


class NotAllowed(WrongUsage):
    """What the user asked for is understood, and not done here."""


class CouldNotRun(NevkgError):
    """The surroundings failed: a file is missing, a folder cannot be read."""

    exit_code = 3


def lacking(extra: str, error: ImportError) -> CouldNotRun:
    """The error for a package that is not installed, with the extra that brings it."""
    return CouldNotRun(f"This needs a package that is not installed ({error.name}): pip install 'nevkg[{extra}]'.")
