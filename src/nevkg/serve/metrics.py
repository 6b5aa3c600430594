"""``/metrics``: what an operator watches, as OpenMetrics. No label holds anything that a client sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nevkg.serve.clients.admission import Admission
from nevkg.serve.respond import Responder
from nevkg.serve.state.generations import Generations

PATH = "/metrics"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics(Collector):
    """Counts requests; the other numbers are read where they are kept, whenever somebody asks."""

    def __init__(self, generations: Generations, responder: Responder, admission: Admission) -> None:
        self._generations, self._responder, self._admission = generations, responder, admission
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._requests = Counter("nevkg_http_requests", "Requests.", ("route", "method", "status"), registry=self._registry)
        self._seconds = Histogram(
            "nevkg_http_request_duration_seconds",
            "Time from a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._bytes = Counter("nevkg_http_response_bytes", "Bytes of answers, as they are sent.", ("route",), registry=self._registry)

    def routes(self) -> list[Route]:
        """Where the numbers are."""

        async def metrics(_: Request) -> Response:
            content: bytes = generate_latest(self._registry)  # type: ignore[no-untyped-call]
            return Response(content, headers={"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST})

        return [Route(PATH, metrics)]

    def observe(self, app: ASGIApp) -> ASGIApp:
        """An application whose requests are counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status, size = perf_counter(), 0, 0

            async def count(message: Message) -> None:
                nonlocal status, size
                if message["type"] == "http.response.start":
                    status = message["status"]
                size += len(message.get("body", b""))
                await send(message)

            try:
                await app(scope, receive, count)
            finally:
                # The router leaves the route here; a request that did not get so far has none.
                route = getattr(scope.get("route"), "path", "")
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._requests.labels(route, method, str(status)).inc()
                self._seconds.labels(route).observe(perf_counter() - began)
                self._bytes.labels(route).inc(size)

        return counted

    def describe(self) -> Iterable[Metric]:
        """Nothing: the names are known when there is something to collect."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The numbers that others keep."""
        tally, generation = self._generations.tally, self._generations.current
        lanes = generation.pool.lanes
        running, waiting = ({name: lane.counts[what] for name, lane in lanes.items()} for what in ("running", "waiting"))
        yield _labelled(GaugeMetricFamily("nevkg_jobs_running", "Jobs that run.", labels=("lane",)), running)
        yield _labelled(GaugeMetricFamily("nevkg_jobs_waiting", "Jobs that wait.", labels=("lane",)), waiting)
        yield _counters("nevkg_jobs", "Jobs that have ended.", "lane", tally.jobs)
        yield _counters("nevkg_processor_seconds", "Processor time that jobs have used.", "lane", tally.seconds)
        yield _counters("nevkg_jobs_stopped", "Jobs whose worker ended before they were done.", "cause", tally.stops)
        yield GaugeMetricFamily("nevkg_workers", "Worker processes.", len(generation.pool.processes))
        yield CounterMetricFamily("nevkg_worker_starts", "Worker processes that were started.", tally.starts)
        yield _counters("nevkg_answers", "Answers, by where they came from.", "source", self._responder.answers)
        yield GaugeMetricFamily("nevkg_kept_bytes", "Bytes of answers that are kept.", self._responder.kept.size)
        yield _counters(
            "nevkg_refusals", "Requests refused because of a limit for one client, or of a key.", "limit", self._admission.refusals
        )
        yield GaugeMetricFamily("nevkg_clients", "Clients without a key whose use is counted.", self._admission.clients)
        yield InfoMetricFamily("nevkg_dataset", "The state of the dataset.", {"digest": generation.state.origin.digest})
        if generation.state.facts.triples is not None:
            yield GaugeMetricFamily("nevkg_dataset_triples", "Triples of the state.", generation.state.facts.triples)
        yield GaugeMetricFamily(
            "nevkg_dataset_opened_seconds", "When this state was opened (Unix time).", datetime.fromisoformat(generation.since).timestamp()
        )


def _counters(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    return _labelled(CounterMetricFamily(name, words, labels=(label,)), values)


def _labelled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Metric:
    for value, number in values.items():
        family.add_metric((value,), number)
    return family
