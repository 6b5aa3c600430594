"""Metrics for operators at ``/metrics``, in the OpenMetrics format. No label contains text that a client sends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from nevkg.serve.clients import Admission
from nevkg.serve.http.middleware import Meter
from nevkg.serve.responder import Responder
from nevkg.serve.state.generations import Generations

PATH = "/metrics"
_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics(Collector):
    """A Prometheus collector. It counts requests itself, and reads the other numbers from their owners on each scrape."""

    def __init__(self, generations: Generations, responder: Responder, admission: Admission) -> None:
        self._generations, self._responder, self._admission = generations, responder, admission
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._requests = Counter("nevkg_http_requests", "Requests.", ("route", "method", "status"), registry=self._registry)
        self._seconds = Histogram(
            "nevkg_http_request_duration_seconds",
            "Time from the request to the end of the response.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._bytes = Counter(
            "nevkg_http_response_bytes", "Bytes of response bodies as sent, after compression.", ("route",), registry=self._registry
        )

    def routes(self) -> list[Route]:
        """Returns the route ``/metrics``."""

        async def metrics(_: Request) -> Response:
            content: bytes = generate_latest(self._registry)  # type: ignore[no-untyped-call]
            return Response(content, headers={"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST})

        return [Route(PATH, metrics)]

    def observe(self, app: ASGIApp) -> ASGIApp:
        """Wraps an application so that its requests are counted."""

        async def with_metrics(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            meter = Meter(send)
            try:
                await app(scope, receive, meter.send)
            finally:
                # The router puts the route into the scope; a request that was refused before has none.
                route = getattr(scope.get("route"), "path", "")
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._requests.labels(route, method, str(meter.status or 0)).inc()
                self._seconds.labels(route).observe(meter.seconds)
                self._bytes.labels(route).inc(meter.size)

        return with_metrics

    def describe(self) -> Iterable[Metric]:
        """Returns nothing: the names of the metrics are only known when they are collected."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yields the metrics of the pool, the cache, the admission of clients and the dataset."""
        tally, generation = self._generations.tally, self._generations.current
        lanes = generation.pool.lanes
        running, waiting = ({name: lane.counts[what] for name, lane in lanes.items()} for what in ("running", "waiting"))
        yield _fill(GaugeMetricFamily("nevkg_jobs_running", "Running jobs.", labels=("lane",)), running)
        yield _fill(GaugeMetricFamily("nevkg_jobs_waiting", "Jobs waiting for a worker.", labels=("lane",)), waiting)
        yield _counter("nevkg_jobs", "Finished jobs.", "lane", tally.jobs)
        yield _counter("nevkg_processor_seconds", "Processor time used by jobs, in seconds.", "lane", tally.seconds)
        yield _counter("nevkg_jobs_stopped", "Jobs whose worker ended before they were finished.", "cause", tally.stops)
        yield GaugeMetricFamily("nevkg_workers", "Worker processes.", len(generation.pool.processes))
        yield CounterMetricFamily("nevkg_worker_starts", "Worker processes started.", tally.starts)
        yield _counter("nevkg_answers", "Responses, by source: a worker, the cache, or unchanged (304).", "source", self._responder.answers)
        yield GaugeMetricFamily("nevkg_kept_bytes", "Bytes of responses in the cache.", self._responder.cache.size)
        yield _counter("nevkg_refusals", "Requests refused because of a client limit or an API key.", "limit", self._admission.refusals)
        yield GaugeMetricFamily("nevkg_clients", "Clients without an API key whose use is counted.", self._admission.clients)
        yield InfoMetricFamily("nevkg_dataset", "The served state of the dataset.", {"digest": generation.state.origin.digest})
        if generation.state.contents.triples is not None:
            yield GaugeMetricFamily(
                "nevkg_dataset_triples", "Triples in the served state of the dataset.", generation.state.contents.triples
            )
        yield GaugeMetricFamily(
            "nevkg_dataset_opened_seconds", "When this state was opened (Unix time).", datetime.fromisoformat(generation.since).timestamp()
        )


def _counter(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    return _fill(CounterMetricFamily(name, words, labels=(label,)), values)


def _fill(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Metric:
    for value, number in values.items():
        family.add_metric((value,), number)
    return family
