"""API keys: reads a file with a name, a digest and optional limits for each key. The keys themselves are not stored."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.serve.clients.account import LIMITS, Allowance, read_limit

_DIGEST = re.compile(r"[0-9a-f]{64}")
_WRITABLE_BY_OTHERS = 0o022
_EMPTY_KEY = sha256(b"").hexdigest()


@dataclass(frozen=True)
class Key:
    """An accepted API key.

    Attributes:
        name: name of the client.
        digest: SHA-256 digest of the key (hexadecimal).
        allowance: limits of the client.
    """

    name: str
    digest: str
    allowance: Allowance


def read_keys(path: Path, default: Allowance) -> list[Key]:
    """Reads a key file: ``NAME DIGEST [seconds=N] [errors=N] [queries=N]`` on each line, ``#`` for comments.

    Args:
        path: path of the file.
        default: limits that a line does not name.

    Raises:
        CouldNotRun: if the file cannot be read, or other users may write to it.
        WrongUsage: if a line is malformed.
    """
    try:
        if path.stat().st_mode & _WRITABLE_BY_OTHERS:
            raise CouldNotRun(f"Other users can write to {path} and add keys; remove the permission with: chmod go-w {path}.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CouldNotRun(f"The key file {path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}.") from None
    keys: list[Key] = []
    for number, line in enumerate(lines, 1):
        if words := line.partition("#")[0].split():
            try:
                keys.append(_parse_key(words, default, keys))
            except ValueError as error:
                raise WrongUsage(f"{path}, line {number}: {error}.") from None
    if not keys:
        raise WrongUsage(f"{path} has no keys; write a line 'NAME DIGEST' for each key.")
    return keys


def find_key(keys: list[Key], sent: str) -> Key | None:
    """Returns the key that a client has sent; None if it is unknown. Compares in constant time."""
    digest = sha256(sent.encode("utf-8", "surrogateescape")).hexdigest()
    found = [key for key in keys if compare_digest(key.digest, digest)]
    return found[0] if found else None


def _parse_key(words: list[str], default: Allowance, known: list[Key]) -> Key:
    name, digest, *limits = (*words, "")[: max(len(words), 2)]
    if not _DIGEST.fullmatch(digest):
        # The word may be the key itself, so the message does not repeat it.
        raise ValueError("the second word is not a SHA-256 digest, which has 64 digits 0-9 a-f")
    if digest == _EMPTY_KEY:
        raise ValueError("this is the digest of an empty key")
    if any(name == key.name or digest == key.digest for key in known):
        raise ValueError(f"the name '{name}' or its key appears twice")
    return Key(name, digest, _parse_allowance(limits, default))


def _parse_allowance(words: list[str], default: Allowance) -> Allowance:
    given: dict[str, float] = {}
    for word in words:
        limit, _, number = word.partition("=")
        if limit not in LIMITS:
            raise ValueError(f"'{word}' is not a limit, such as {', '.join(f'{one}=60' for one in LIMITS)}")
        given[limit] = read_limit(limit, number)
    return replace(default, **given)  # type: ignore[arg-type]
