"""Writes a response body to files: uncompressed, and in each content encoding."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from nevkg.serve.http.problem import file_problem
from nevkg.serve.reply import Write

IDENTITY = "identity"
_PIECE = 1 << 16


class Sink(io.RawIOBase):
    """A binary output that passes what is written to a callback."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take

    def writable(self) -> bool:
        """Returns True."""
        return True

    def write(self, content: Any) -> int:
        """Passes the bytes to the callback."""
        self._take(bytes(content))
        return len(content)


@contextmanager
def buffered_output(take: Callable[[bytes], object]) -> Iterator[IO[bytes]]:
    """Yields an output that buffers small writes into pieces of up to 64 kB."""
    with io.BufferedWriter(Sink(take), _PIECE) as output:
        yield output


def pack(write: Write, folder: Path) -> dict[str, str]:
    """Writes a body into a folder, one file for each encoding. Equal bodies give identical files.

    Args:
        write: writes the body; called once.
        folder: an empty folder.

    Returns:
        The digest of each file (hexadecimal) by name; the name is that of the encoding.

    Raises:
        Problem: 503 if the disk is full or another error prevents writing.
    """
    # Slow to import, and no other task of a worker needs it.
    from zstandard import ZstdCompressor

    digests = {name: sha256() for name in (IDENTITY, "gzip", "zstd")}
    try:
        with ExitStack() as files:

            def output(name: str) -> IO[bytes]:
                file = files.enter_context((folder / name).open("wb"))

                def take(content: bytes) -> None:
                    digests[name].update(content)
                    file.write(content)

                return files.enter_context(buffered_output(take))

            plain = output(IDENTITY)
            gzipped = files.enter_context(gzip.GzipFile("", "wb", fileobj=output("gzip"), mtime=0))
            zstandard = files.enter_context(ZstdCompressor().stream_writer(output("zstd"), closefd=False))

            def take(content: bytes) -> None:
                for one in (plain, gzipped, zstandard):
                    one.write(content)

            with buffered_output(take) as body:
                write(body)
    except OSError as error:
        raise file_problem("The server cannot write a file for this answer", error) from None
    return {name: digest.hexdigest()[:32] for name, digest in digests.items()}
