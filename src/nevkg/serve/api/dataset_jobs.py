"""Tasks of workers for the dataset as a whole: description, ontology, data quality and checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from pyoxigraph import Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import api_queries, entities
from nevkg.publish.heartbeat import tabulate
from nevkg.publish.report import run_queries
from nevkg.serve.api import results
from nevkg.serve.api.question_jobs import catalogue, dataset
from nevkg.serve.api.responses import Check as CheckFacts
from nevkg.serve.api.responses import CheckFinding, Checks, Dataset, Findings, Ontology, Quality, QualityTable
from nevkg.serve.api.results import PagedTask
from nevkg.serve.jobs import Reply, Task, json_reply
from nevkg.serve.parameter import Lang, limit
from nevkg.serve.problem import Problem, unknown_name
from nevkg.store import EmbeddedStore, Store
from nevkg.store.memo import Lookup, memoise, memoise_each
from nevkg.validate.checks import DATA, Check, all_checks, run_check
from nevkg.validate.findings import Finding
from nevkg.validate.messages import Messages


@dataclass(frozen=True, kw_only=True)
class DescribeDataset(Task):
    """Description and size of the dataset."""

    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns the description and size of the dataset."""
        return json_reply(describe_dataset(store, self.lang))


@memoise_each(4)  # all pages need it
def describe_dataset(store: Store, language: str) -> Dataset:
    """Returns the description and size of the dataset.

    Raises:
        Problem: 503 if the store has none.
    """
    rows = api_queries.rows(store, "dataset")
    for row in rows:
        iri = terms.text(row["dataset"] or NamedNode(terms.DATASET))
        return {
            "iri": iri,
            "title": entities.labels(store, [iri], language).get(iri, ""),
            "description": _text_in((text for row in rows if (text := row["description"])), language),
            **dataset(store),
            "digest": f"sha256:{store.digest}" if isinstance(store, EmbeddedStore) and store.digest else None,
            "knownBy": store.known_by,
            "licence": terms.text(row["licence"]) if row["licence"] else None,
            "sources": int(api_queries.text(row["sources"])),
            "statements": int(api_queries.text(row["statements"])),
            "episodes": int(api_queries.text(row["episodes"])),
            "triples": int(api_queries.text(row["triples"])),
            "questions": len(catalogue(store).questions),
            "colors": {row["thing"]: row["color"] for row in api_queries.texts(store, "colors")},
        }
    raise Problem(503, "The store has no description of the dataset; load the dataset again.")


@dataclass(frozen=True, kw_only=True)
class DescribeOntology(Task):
    """Classes, properties and vocabularies, with how often they are used."""

    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns classes, properties and vocabularies with concepts: their definitions, and how often the data uses them."""
        uses = count_uses(store)
        rows = api_queries.rows(store, "terms")
        names = results.Names(store, (term for row in rows for term in (row["term"], row["value"])), self.lang)
        spaces = entities.namespaces(store)
        groups: dict[str, list[Any]] = {"classes": [], "properties": [], "schemes": [], "concepts": []}
        for (group, iri), facts in groupby(rows, key=lambda row: (api_queries.text(row["group"]), api_queries.text(row["term"]))):
            values_by_property: dict[str, list[terms.Term]] = {}
            for row in facts:
                if (value := row["value"]) is not None:
                    values_by_property.setdefault(api_queries.text(row["about"]), []).append(value)
            groups[group].append(
                {
                    **vars(names.thing(iri)),
                    "name": terms.shorten(iri, spaces),
                    "definition": _text_in(values_by_property.pop("definition", []), self.lang),
                    "color": next((terms.text(color) for color in values_by_property.pop("color", [])), None),
                    "uses": uses.get(iri, 0),
                    **{about: [names.value(value) for value in values] for about, values in values_by_property.items()},
                }
            )
        return json_reply(
            Ontology(
                dataset=dataset(store),
                prefixes=spaces,
                classes=groups["classes"],
                properties=groups["properties"],
                schemes=groups["schemes"],
                concepts=groups["concepts"],
            )
        )


def _text_in(texts: Iterable[terms.Term], language: str) -> str | None:
    """Returns the text in a language, else in our first language; None if there is neither."""
    found = {text.language: text.value for text in texts if isinstance(text, Literal)}
    return found.get(language, found.get(terms.LANGUAGES[0]))


@dataclass(frozen=True, kw_only=True)
class MeasureQuality(Task):
    """What the data covers, how complete and how old it is.

    Questions with the tag `evidence` show more, such as where sources disagree.
    """

    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns the tables on age, coverage and completeness of the data."""
        return json_reply(Quality(dataset=dataset(store), tables=measure_quality(store, self.lang)))


def measure_quality(store: Store, language: str) -> list[QualityTable]:
    """Returns the tables on age, coverage and completeness of the data."""
    every = _coverage(store)
    names = results.Names(store, (term for table in every for row in table.rows for term in row), language)
    tables: list[QualityTable] = []
    for table in every:
        words = table.words(language)
        value_labels = words.get("values", {})
        rows = [[value_labels.get(api_queries.text(term)) or names.value(term) for term in row] for row in table.rows]
        columns = list(words["columns"].values())
        tables.append(
            {
                "name": table.name,
                "section": words["section"],
                "title": words["title"],
                "note": words.get("note"),
                "columns": columns,
                "rows": rows,
            }
        )
    return tables


@dataclass(frozen=True, kw_only=True)
class ListChecks(Task):
    """Weak or doubtful data, by check."""

    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns the checks on the data, each with its number of findings."""
        return json_reply(Checks(dataset=dataset(store), checks=list_checks(store, self.lang)))


def list_checks(store: Store, language: str) -> list[CheckFacts]:
    """Returns the checks on the data, each with its number of findings."""
    return [_check(store, check, language)[0] for check in _data_checks(store)]


@dataclass(frozen=True, kw_only=True)
class ListFindings(PagedTask):
    """The findings of one check, in words."""

    check: Annotated[str, "The name of the check."]
    lang: Lang
    limit: Annotated[int, limit(100, 10_000)]

    def run(self, store: Store) -> Reply:
        """Returns the findings of one check, in words."""
        facts, found = find_check(store, self.check, self.lang)
        page = self.page(len(found))
        body: Findings = {**facts, **page.members, "findings": describe_findings(store, page.of(found), self.lang)}
        return json_reply(body, page.headers)


def find_check(store: Store, name: str, language: str) -> tuple[CheckFacts, list[Finding]]:
    """Returns a check and its findings.

    Raises:
        Problem: 404 if there is no such check.
    """
    every = {check.name: check for check in _data_checks(store)}
    if name not in every:
        raise unknown_name("check", name, every)
    return _check(store, every[name], language)


def describe_findings(store: Store, found: Sequence[Finding], language: str) -> list[CheckFinding]:
    """Returns findings in words."""
    iris = {iri for finding in found for iri in (finding.focus, finding.value.strip("<>")) if iri.startswith("http")}
    words = Messages(store.layout, language, entities.labels(store, iris, language))
    names = results.Names(store, (finding.focus for finding in found), language)
    return [{"about": names.thing(finding.focus), "says": words.sentence(finding)} for finding in found]


def _data_checks(store: Store) -> list[Check]:
    return [check for check in all_checks(store.layout) if check.about == DATA]


def _check(store: Store, check: Check, language: str) -> tuple[CheckFacts, list[Finding]]:
    found = _findings(store, [check.name])[check.name]
    facts: CheckFacts = {
        "name": check.name,
        "severity": check.severity.name.lower(),
        "title": check.title[language],
        "fix": check.fix[language],
        "found": len(found),
    }
    return facts, found


def _run(store: Store, names: set[str]) -> dict[str, list[Finding]]:
    return {check.name: run_check(check, store.query) for check in _data_checks(store) if check.name in names}


count_uses = memoise(lambda store: {row["term"]: int(row["count"]) for row in api_queries.texts(store, "uses")})
# These take seconds, and both languages and the pages of the findings need the same results.
_findings = Lookup(_run)
_coverage = memoise(lambda store: [tabulate(store), *run_queries(store)])
