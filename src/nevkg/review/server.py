"""The local server of the review page. Each request needs the token in its address, so that no other page or user can send one."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nevkg.contribute.job import ImportResult
from nevkg.contribute.problems import ImportProblem, Problems
from nevkg.contribute.registry import SchemaIndex, read_schema
from nevkg.contribute.source_documents import find_source_id
from nevkg.contribute.table_format import find_choices
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, NevkgError
from nevkg.lookup import entities
from nevkg.lookup.search import find_kinds, search
from nevkg.review import outcome
from nevkg.review.knowledge import Checks, Knowledge, check_rows
from nevkg.review.requests import cells_of, cells_of_query, language_of, read_body, text_of
from nevkg.review.review import Review, ReviewRow, RowChanged
from nevkg.serve.http.error_responses import problem_response
from nevkg.serve.http.hosts import HostCheck
from nevkg.serve.problem import Problem, problem_from_error
from nevkg.serve.services import File
from nevkg.store import open_store
from nevkg.words import texts_of

HERE = "127.0.0.1"
_STATIC = Path(__file__).parent / "static"
_STYLE = Path(__file__).parents[1] / "explorer" / "src" / "style"
_SHARED = ("tokens.css", "base.css")  # the colours, fonts and elements of all pages
_PAGE = "review.html"
_MOST_COMPLETIONS = 12
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; img-src data:",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
T = TypeVar("T")


@dataclass
class ReviewServer:
    """What the requests of the page need.

    Steps run one after another, and so do look-ups, which take longer and are cached.

    Attributes:
        review: the folder under review.
        token: the secret part of the address.
    """

    layout: Layout
    review: Review
    collected: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _steps: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _lookups: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _checks: tuple[frozenset[str], Checks] | None = None
    _previewed: tuple[str, ImportResult] | None = None

    @cached_property
    def app(self) -> Starlette:
        """The application."""
        routes: list[tuple[str, str, Callable[[Request], Awaitable[Any]]]] = [
            ("GET", "state", self._state),
            ("GET", "format", self._format),
            ("GET", "text", self._text),
            ("GET", "checks", self._list_checks),
            ("GET", "known", self._known),
            ("GET", "choices", self._choices),
            ("GET", "completions", self._completions),
            ("GET", "preview", self._preview),
            ("GET", "changes", self._changes),
            ("POST", "decide", self._decide),
            ("POST", "edit", self._edit),
            ("POST", "add", self._add),
            ("POST", "undo", self._undo),
            ("POST", "import", self._import),
        ]
        served = [Route(f"/{{token}}/{name}", self._answer(handler), methods=[method]) for method, name, handler in routes]
        files = [Route("/{token}/", self._answer(self._file)), Route("/{token}/{name}", self._answer(self._file))]
        return Starlette(
            routes=[*served, *files],
            middleware=[Middleware(HostCheck, names=frozenset())],
            exception_handlers={404: _not_found, 405: _not_found},
        )

    def _answer(self, handle: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            try:
                if not secrets.compare_digest(request.path_params["token"].encode(), self.token.encode()):
                    raise Problem(404, "There is no such page; open the address that nevkg review has printed.")
                found = await handle(request)
                response = found if isinstance(found, Response) else JSONResponse(found)
            except RowChanged as error:
                response = problem_response(Problem(409, str(error)))
            except Problem as problem:
                response = problem_response(problem)
            except NevkgError as error:
                response = problem_response(problem_from_error(error))
            response.headers.update(HEADERS)
            return response

        return respond

    async def _step(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._steps, work)

    async def _look_up(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._lookups, work)

    async def _file(self, request: Request) -> Response:
        name = request.path_params.get("name", _PAGE)
        files = {path.name: path for path in (*_STATIC.iterdir(), *(_STYLE / shared for shared in _SHARED))}
        if name not in files:
            raise Problem(404, "The review page has no such file.")
        file = File.read(files[name])
        return Response(file.content, media_type=file.media)

    async def _state(self, _request: Request) -> dict[str, Any]:
        return await self._step(self._read_state)

    def _read_state(self, current: str = "") -> dict[str, Any]:
        """Returns the rows and the names of the texts, and the ID of the row that the last step was on."""
        problems = Problems()
        rows = self.review.read_rows(problems)
        return {
            "current": current,
            "version": self.review.version,
            "canUndo": self.review.can_undo,
            "rows": [_to_json(each) for each in rows],
            "texts": {name: len(text) for name, text in self.review.read_texts().items()},
            "problems": [str(problem) for problem in problems if problem.line == 0],
        }

    async def _format(self, _request: Request) -> dict[str, Any]:
        """Returns the tables with their columns, and the words of the page in each language."""
        tables = {
            name: {
                "titles": table.titles,
                "columns": [
                    {
                        "name": column,
                        "titles": {language: titles[0] for language, titles in (about.titles or {}).items() if titles},
                        "description": about.common_props.get("dc:description", ""),
                        "required": bool(about.required),
                    }
                    for column, about in table.columns.items()
                ],
            }
            for name, table in self.review.tables.items()
        }
        return {"folder": self.review.folder.resolve().name, "tables": tables, "words": texts_of("review")}

    async def _text(self, request: Request) -> dict[str, str]:
        texts = await self._step(self.review.read_texts)
        name = request.query_params.get("source", "")
        if name not in texts:
            raise Problem(404, f"There is no text of the source '{name}'.")
        return {"text": texts[name]}

    async def _list_checks(self, _request: Request) -> dict[str, Any]:
        """Returns the errors and doubts of each row that has any, by its ID."""
        problems = Problems()
        rows = await self._step(lambda: self.review.read_rows(problems))
        checks = await self._look_up(lambda: self._check(rows))
        found = {}
        for each in rows:
            place = each.row.place
            malformed = (problem for problem in problems if problem.place == place)
            errors, doubts = [*malformed, *checks.errors.get(place, ())], checks.doubts.get(place, ())
            if errors or doubts:
                found[each.id] = {"errors": list(map(_sentence, errors)), "doubts": list(map(_sentence, doubts))}
        return found

    def _check(self, rows: list[ReviewRow]) -> Checks:
        """Returns what the import says of the rows; the same rows are checked once, whatever is decided of them."""
        key = frozenset(f"{each.id} {each.row.file}:{each.row.line}" for each in rows)
        if self._checks is None or self._checks[0] != key:
            self._checks = key, check_rows(self.layout, self.review.tables, [each.row for each in rows], self.collected)
        return self._checks[1]

    @cached_property
    def _knowledge(self) -> Knowledge:
        return Knowledge(open_store(self.layout))

    @cached_property
    def _schema(self) -> SchemaIndex:
        return read_schema(self.layout)

    async def _known(self, request: Request) -> dict[str, Any]:
        """Returns what the data states of the entities and properties of a row; nothing if the row has changed meanwhile."""
        rows = await self._step(self.review.read_rows)
        each = next((each for each in rows if each.id == request.query_params.get("row")), None)
        if each is None:
            return {"known": []}
        place = each.row.place
        known = await self._look_up(lambda: self._knowledge.describe(self._check(rows), place, language_of(request)))
        return {"known": known}

    async def _choices(self, request: Request) -> dict[str, Any]:
        """Returns the codes that each cell of a row may have, with their labels, and which cells can be completed."""
        table, cells = self._table_of(request), cells_of_query(request)

        def look() -> dict[str, Any]:
            found = {}
            for column in self.review.tables[table].columns:
                choices = find_choices(self.review.tables[table], column, cells, self._schema)
                labels = entities.labels(self._knowledge.store, filter(None, choices.codes.values()), language_of(request))
                codes = [{"value": code, "label": labels.get(concept, "")} for code, concept in choices.codes.items()]
                found[column] = {"codes": codes, "completes": bool(choices.kinds)}
            return found

        return await self._look_up(look)

    async def _completions(self, request: Request) -> list[dict[str, str]]:
        """Returns the entities whose names fit what has been typed into a cell."""
        table, column, typed = self._table_of(request), request.query_params.get("column", ""), request.query_params.get("text", "")
        if column not in self.review.tables[table].columns:
            raise Problem(404, f"The table {table} has no column '{column}'.")
        cells = cells_of_query(request)
        return await self._look_up(lambda: self._complete(table, column, cells, typed, language_of(request)))

    def _complete(self, table: str, column: str, cells: Mapping[str, str], typed: str, language: str) -> list[dict[str, str]]:
        choices, store = find_choices(self.review.tables[table], column, cells, self._schema), self._knowledge.store
        among = {iri for kind in choices.kinds for iri in entities.instances(store, kind)}
        hits = [hit.iri for hit in search(store, typed, _MOST_COMPLETIONS, among)]
        labels, kinds = entities.labels(store, hits, language), find_kinds(store, hits, language)
        names = entities.labels(store, hits, terms.LANGUAGES[0]) if choices.is_name else {}
        local = {iri: iri.rpartition("/")[2] for iri in hits}
        return [
            {"value": names.get(iri, local[iri]), "label": " · ".join((labels.get(iri, local[iri]), *kinds.get(iri, ())))} for iri in hits
        ]

    def _table_of(self, request: Request) -> str:
        table = request.query_params.get("table", "")
        if table not in self.review.tables:
            raise Problem(404, f"There is no table '{table}'.")
        return table

    async def _preview(self, _request: Request) -> dict[str, Any]:
        """Returns what an import of the accepted rows would do."""

        def look() -> dict[str, Any]:
            version, result = self._dry_run()
            report = outcome.report(result, self.layout, dry=True)
            return {"version": version, "report": report, "can": not result.problems and bool(result.changed)}

        return await self._look_up(look)

    def _dry_run(self) -> tuple[str, ImportResult]:
        """Returns the version of the folder and the result of a dry run, which is run once for each version."""
        version = self.review.version
        if self._previewed is None or self._previewed[0] != version:
            self._previewed = version, outcome.run_import(self.layout, self.review.folder, self.collected, dry=True)
        return self._previewed

    async def _changes(self, request: Request) -> dict[str, list[str]]:
        """Returns the changes of statements and of answers that the import would make."""

        def look() -> dict[str, list[str]]:
            _, result = self._dry_run()
            no_changes = result.problems or not result.changed
            facts, answers = ([], []) if no_changes else outcome.compare(self.layout, result.changed, language_of(request))
            return {"facts": facts, "answers": answers}

        return await self._look_up(look)

    async def _decide(self, request: Request) -> dict[str, Any]:
        given = await read_body(request)
        return await self._take(lambda: self.review.decide(text_of(given, "row"), text_of(given, "state"), text_of(given, "reason")))

    async def _edit(self, request: Request) -> dict[str, Any]:
        given = await read_body(request)
        return await self._take(lambda: self.review.edit(text_of(given, "row"), cells_of(given)))

    async def _add(self, request: Request) -> dict[str, Any]:
        given = await read_body(request)
        return await self._take(lambda: self.review.add(text_of(given, "table"), cells_of(given)))

    async def _undo(self, request: Request) -> dict[str, Any]:
        await read_body(request)
        return await self._take(self.review.undo)

    async def _take(self, step: Callable[[], str]) -> dict[str, Any]:
        return await self._step(lambda: self._read_state(step()))

    async def _import(self, request: Request) -> dict[str, Any]:
        """Imports the accepted rows, if they are those of the preview that the reviewer has seen."""
        given = await read_body(request)

        def work() -> str:
            if self.review.version != text_of(given, "version"):
                raise RowChanged("The rows have changed since this preview; look at them again.")
            result = outcome.run_import(self.layout, self.review.folder, self.collected, dry=False)
            self._checks = self._previewed = None
            self.__dict__.pop("_knowledge", None)
            return outcome.report(result, self.layout, dry=False)

        return {"report": await self._look_up(work)}

    def close(self) -> None:
        """Forgets the work that has not begun."""
        for pool in (self._steps, self._lookups):
            pool.shutdown(wait=False, cancel_futures=True)


def _to_json(each: ReviewRow) -> dict[str, Any]:
    found = asdict(each)
    row = found.pop("row")
    return found | {name: row[name] for name in ("table", "line", "cells")} | {"source": find_source_id(each.row)}


def _sentence(problem: ImportProblem) -> dict[str, str]:
    return {"column": problem.column, "message": problem.message}


async def _not_found(_request: Request, _error: Exception) -> Response:
    response = problem_response(Problem(404, "There is no such page; open the address that nevkg review has printed."))
    response.headers.update(HEADERS)
    return response


def serve(server: ReviewServer, port: int, ready: Callable[[str], None]) -> None:
    """Serves the page on this machine until it is interrupted.

    Args:
        port: the port; 0 for any free one.
        ready: called with the address once requests are accepted.

    Raises:
        CouldNotRun: if the port is in use.
    """
    try:
        listener = socket.create_server((HERE, port))
    except OSError as error:
        raise CouldNotRun(f"Port {port} cannot be used: {error.strerror}; choose another one with --port.") from None
    with listener:
        ready(f"http://{HERE}:{listener.getsockname()[1]}/{server.token}/")
        uvicorn.Server(uvicorn.Config(server.app, log_level="warning", access_log=False)).run(sockets=[listener])
    server.close()
