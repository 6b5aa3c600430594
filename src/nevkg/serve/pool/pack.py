"""Writes a body to files: as it is, and in each content encoding."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Write

IDENTITY = "identity"
_PIECE = 1 << 16


class Sink(io.RawIOBase):
    """An output that passes on what is written to it."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take

    def writable(self) -> bool:
        """Always true."""
        return True

    def write(self, content: Any) -> int:
        """Passes it on."""
        self._take(bytes(content))
        return len(content)


@contextmanager
def in_pieces(take: Callable[[bytes], object]) -> Iterator[IO[bytes]]:
    """An output that collects what is written to it into pieces."""
    with io.BufferedWriter(Sink(take), _PIECE) as output:
        yield output


def pack(write: Write, folder: Path) -> dict[str, str]:
    """Writes a body into a folder, one file for each encoding; equal bodies give equal files.

    Args:
        write: writes the body; called once.
        folder: an empty one.

    Returns:
        The digest of each file (hexadecimal), by its name, which is that of the encoding.

    Raises:
        Problem: 503 if there is no room.
    """
    # Heavy, and in no other task of a worker.
    from zstandard import ZstdCompressor

    digests = {name: sha256() for name in (IDENTITY, "gzip", "zstd")}
    try:
        with ExitStack() as files:

            def output(name: str) -> IO[bytes]:
                file = files.enter_context((folder / name).open("wb"))

                def take(content: bytes) -> None:
                    digests[name].update(content)
                    file.write(content)

                return files.enter_context(in_pieces(take))

            plain = output(IDENTITY)
            gzipped = files.enter_context(gzip.GzipFile("", "wb", fileobj=output("gzip"), mtime=0))
            zstandard = files.enter_context(ZstdCompressor().stream_writer(output("zstd"), closefd=False))

            def take(content: bytes) -> None:
                for one in (plain, gzipped, zstandard):
                    one.write(content)

            with in_pieces(take) as body:
                write(body)
    except OSError as error:
        raise Problem(503, f"There is no room here for a file of this size: {error.strerror}.", cause="disk full") from None
    return {name: digest.hexdigest()[:32] for name, digest in digests.items()}
