"""The answers that a site has as files: what the explorer asks before a reader has chosen anything, and what its first pages lead to."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.progress import Progress
from nevkg.serve.local import LocalServer
from nevkg.sparql.binding import ANY
from nevkg.store import EmbeddedStore

FOLDER = "answers"
# Bytes of an answer that one may well leave to the engine.
_LARGEST = 500_000
_VALUES = "xsd:"  # how the types begin of parameters that are not things
Query = Mapping[str, str | Sequence[str]]


async def write_answers(server: LocalServer, store: EmbeddedStore, folder: Path, progress: Progress) -> None:
    """Writes the answers, and a list of them by address.

    Args:
        server: answers the requests.
        store: the dataset.
        folder: the folder of the site.
        progress: see ``publish_site``.
    """
    (folder / FOLDER).mkdir()
    listed: dict[str, str] = {}
    questions = load_catalogue(store.layout).questions
    spaces, step = entities.namespaces(store), progress("the answers", 0)

    async def save(address: str, largest: float = math.inf, *, must_be: bool = True) -> Any:
        """Saves an answer, unless it has more bytes; returns its content, None if there is none or it is saved already."""
        if address in listed:
            return None
        received = await server.fetch(f"/{address}", accept="application/json")
        if received.status != HTTPStatus.OK and not must_be:
            return None  # other data may lack what a story names; the engine will say so
        if received.status != HTTPStatus.OK:
            raise CouldNotRun(f"'{address}', which the site needs, is answered with {received.status}: {received.body[:200].decode()}")
        if len(received.body) > largest:
            return None
        listed[address] = f"{len(listed)}.json"
        (folder / FOLDER / listed[address]).write_bytes(received.body)
        step()
        return json.loads(received.body)

    for language in terms.LANGUAGES:
        lang = {"lang": language}
        first = [await save(_address(name, lang)) for name in ("home", "stories")]
        stories = [await save(_address(f"stories/{story['name']}", lang)) for story in first[1]["stories"]]
        for name in ("dataset", "ontology", "quality", "quality/checks", "places"):
            await save(_address(name, lang))
        linked = [*_targets([*first, *stories])]
        for name, parameters in linked:
            # As a figure or table within a text, and as an answer with its evidence.
            for more in ({"evidence": "false"}, {}):
                await save(_address(f"questions/{name}/answer", {**parameters, **lang, **more}), must_be=False)
        examples = [(question.name, dict(question.example)) for question in questions.values()]
        for name, parameters in (*linked, *examples):
            await save(_address(f"questions/{name}/answer", {**parameters, **lang}), _LARGEST, must_be=False)
            for parameter in questions[name].parameters:
                if not parameter.type.startswith(_VALUES) and (parameter.name in parameters or parameter.default != ANY):
                    await save(_address(f"questions/{name}/parameters/{parameter.name}/options", {**lang, "limit": "1000"}))
        for entity in _entities(first):
            await save(_address("cards", {"iri": terms.shorten(entity, spaces), **lang}), must_be=False)
    for name in ("dataset", "graph", "questions", *(f"questions/{name}" for name in questions)):
        await save(_address(name))
    (folder / FOLDER / "index.json").write_text(json.dumps(listed, indent=0, sort_keys=True), encoding="utf-8")


def _targets(document: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the questions, with their parameters, whose answers a document leads to."""
    for one in _objects(document):
        if isinstance(one.get("question"), str) and isinstance(one.get("parameters"), dict):
            yield one["question"], one["parameters"]


def _entities(document: object) -> Iterator[str]:
    """Yields the entities that a document leads to."""
    return (one["entity"] for one in _objects(document) if isinstance(one.get("entity"), str))


def _objects(document: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, dict):
        yield document
        document = list(document.values())
    if isinstance(document, list):
        for one in document:
            yield from _objects(one)


def _address(path: str, query: Query | None = None) -> str:
    """Returns an address as the explorer writes it, with its parameters sorted."""
    asked = urlencode(sorted((query or {}).items()), doseq=True)
    return f"api/{path}{'?' + asked if asked else ''}"
