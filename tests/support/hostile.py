"""Hostile texts, queries that try to bypass the SERVICE guard, and a listener that records requests."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

# Values that a client may send where a name, a day or a word is expected.
HOSTILE = [
    *(
        "",
        " ",
        "'",
        '"',
        "<>",
        "*",
        "nev:",
        ":",
        "_:b0",
        "no:prefix",
        "( [ \\ *",
        "1e999999999",
        "9" * 1900,
        "長" * 1900,
        "x" * 500,
        "🚗" * 200,
    ),
    *("<javascript:alert(1)>", '"><script>alert(1)</script>', "${jndi:ldap://x}", "%s%n{0}", "../../etc/passwd", "<http://a b>"),
    *("place:TH> } . DROP ALL #", '" . ?s ?p ?o . "', "}} UNION {{ ?s ?p ?o }}", "} UNION { ?s ?p ?o }", "'; DROP GRAPH <x> ; #"),
    *("\\u003e\\u0022", "\x00", "a\x00b\r\nX-Evil: 1", "\ud7ff\ufffd\u202eabc"),
    *("http://example.org/{}|^`", "https://w3id.org/nevkg/place/TH#%00"),
]
# Each makes the engine call {address} if a guard parses the text differently. Found by hand or by fuzzing.
BYPASSES = [
    # A tokenizer reads an IRI; the engine reads "less than" and a comment.
    "SELECT * { ?s ?p ?o FILTER(1<2)SERVICE#>\n<{address}>{?a ?b ?c} }",
    # The name continues after the middle dot, and so does the escape.
    "PREFIX a: <x:> SELECT * { ?s ?p ?o OPTIONAL { ?s ?p a:b\u00b7\\# } SERVICE <{address}> {?a ?b ?c} #\n}",
    # A carriage return ends a comment, except in rdflib.
    "SELECT * { ?s ?p ?o #\rSERVICE <{address}> {?a ?b ?c} #\n }",
    # The engine reads a name with an invalid IRI, here by its port, as its prefix alone; rdflib reads one long name.
    "PREFIX a: <http://x:> PREFIX c: <{address}> SELECT * { ?s ?p a:SERVICEc:b {?a ?b ?c} }",
    # The keyword needs no space after it.
    "PREFIX c: <{address}> SELECT * { ?s ?p ?o SERVICEc:b {?a ?b ?c} }",
    "PREFIX c: <{address}> SELECT * { ?s ?p ?o SERVICESILENTc:b {?a ?b ?c} SERVICEc:b {?a ?b ?c} }",
]


class Listener:
    """Records the paths of requests to a local port, and answers each with an error."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    @property
    def address(self) -> str:
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
