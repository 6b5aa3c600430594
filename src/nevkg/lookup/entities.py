"""Resolves names that users type to entities, and looks up labels, classes and instances."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, QuerySolutions

from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.store import Store
from nevkg.store.memo import Lookup, memoise, memoise_each, shared

_NAMES = terms.format_path((*terms.LABELS, *terms.ALIASES))
_JUDGEMENT = terms.BASE + "judgement/"
_TRACKER = "http://usefulinc.com/ns/doap#bug-database"
_FORM = "wrong-fact.yml"  # in .github/ISSUE_TEMPLATE
_SLUG = re.compile(r"[\w.\-~%]+\Z")
_MOST_LISTED = 8
_MOST_KINDS = 10_000


def select(store: Store, text: str) -> QuerySolutions:
    """Runs a SELECT query, which need not declare ``terms.KERNEL``; raises ``TypeError`` if it is another query."""
    found = store.query(text, terms.KERNEL)
    if not isinstance(found, QuerySolutions):
        raise TypeError("not a SELECT query")
    return found


@shared
def rows(store: Store, text: str) -> list[dict[str, str]]:
    """Runs a SELECT query as :func:`select` does and returns its rows as text by variable; omits variables without a value."""
    found = select(store, text)
    names = [variable.value for variable in found.variables]
    return [{name: terms.text(term) for name in names if (term := row[name]) is not None} for row in found]


def namespaces(store: Store) -> dict[str, str]:
    """Returns the namespaces of the dataset by prefix."""
    return terms.prefixes(store.layout.ontology)


@memoise
def version(store: Store) -> str:
    """Returns the version of the ontology, data and code, which are released together."""
    found = rows(store, f"SELECT ?version WHERE {{ <{terms.NEV.rstrip('#')}> owl:versionInfo ?version }}")
    return next((row["version"] for row in found), "without a version")


@memoise
def issue_tracker(store: Store) -> str:
    """Returns the address at which issues are reported, as the ontology states it; empty if it states none."""
    found = rows(store, f"SELECT ?address WHERE {{ <{terms.NEV.rstrip('#')}> <{_TRACKER}> ?address }}")
    return min((row["address"].rstrip("/") for row in found), default="")


def report_address(store: Store, statement: str = "") -> str:
    """Returns the address of the form for a wrong fact, filled with the IRI of a statement.

    Without a statement, an IRI or short name can be appended; empty if there is no address for issues.
    """
    tracker = issue_tracker(store)
    return f"{tracker}/new?template={_FORM}&statements={quote(statement, safe='')}" if tracker else ""


def dataset_date(store: Store) -> str:
    """Returns the default day of answers (ISO): the date of the dataset, else today."""
    return stored_date(store) or date.today().isoformat()


@memoise
def stored_date(store: Store) -> str | None:
    """Returns the date of the dataset in a store (ISO); None if the store has no nevkg dataset."""
    found = rows(store, "SELECT ?day WHERE { ?dataset nev:datasetDate ?day } ORDER BY DESC(?day) LIMIT 1")
    return next((row["day"] for row in found), None)


def _condition(store: Store, kind: str | None) -> str:
    """Returns the graph pattern that restricts ``?thing`` to the instances of a class or the concepts of a scheme."""
    if kind is None:
        return "?thing ?anyProperty ?anyValue ."
    classes = terms.format_iris(_subclasses(store, kind))
    return f"{{ VALUES ?class {{ {classes} }} ?thing rdf:type ?class }} UNION {{ ?thing skos:inScheme <{kind}> }}"


def _subclasses(store: Store, kind: str) -> set[str]:
    """Returns a class and all its subclasses. Not by a path with ``*``, for which Virtuoso omits the class itself, and more."""
    found, size = {kind}, 0
    while len(found) > size:
        size = len(found)
        found |= {lower for lower, upper in _subclass_pairs(store) if upper in found}
    return found


def classes_above(store: Store, kind: str) -> list[str]:
    """Returns the direct superclasses of a class, sorted."""
    return sorted({upper for lower, upper in _subclass_pairs(store) if lower == kind})


def with_superclasses(store: Store, kinds: Iterable[str]) -> set[str]:
    """Returns classes with all their superclasses."""
    found, waiting = set[str](), list(kinds)
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting += classes_above(store, one)
    return found


@memoise
def _subclass_pairs(store: Store) -> list[tuple[str, str]]:
    """Returns the pairs of named classes: subclass, direct superclass."""
    rows = select(store, "SELECT ?lower ?upper WHERE { ?lower rdfs:subClassOf ?upper }")
    pairs = [(row["lower"], row["upper"]) for row in rows]
    return [(lower.value, upper.value) for lower, upper in pairs if isinstance(lower, NamedNode) and isinstance(upper, NamedNode)]


def resolve(store: Store, text: str, kind: str | None = None) -> str:
    """Returns the IRI of the entity that ``text`` names.

    Args:
        text: a slug, a prefixed name, an IRI, or a label or alias in any language.
        kind: IRI of a class or a concept scheme that the entity must belong to.

    Raises:
        WrongUsage: if no entity or more than one has that name; the message lists candidates.
    """
    spaces = namespaces(store)
    iri = terms.expand(text, spaces)
    # A judgement has the same slug as the entity that it is about, and users mean the entity.
    guesses = [iri] if iri else [space + text for space in spaces.values() if space != _JUDGEMENT] if _SLUG.match(text) else []
    if guesses := list(filter(terms.is_iri, guesses)):
        values = terms.format_iris(guesses)
        # The name of a merged entity leads to its replacement.
        query = f"SELECT ?guess ?thing WHERE {{ VALUES ?guess {{ {values} }} ?guess dcterms:isReplacedBy ?thing }}"
        instead = {row["guess"]: row["thing"] for row in rows(store, query)}
        values = terms.format_iris(instead.get(guess, guess) for guess in guesses)
        query = f"SELECT DISTINCT ?thing WHERE {{ VALUES ?thing {{ {values} }} {_condition(store, kind)} }}"
        found = {row["thing"] for row in rows(store, query)}
        if len(found) == 1:
            return found.pop()
        if found:
            raise WrongUsage(f"'{text}' is ambiguous: {join_names(store, found)}. Write one of these.")
    known = names(store, kind)
    if iri is None:
        wanted = text.casefold()
        named = {thing for thing, label in known if label.casefold() == wanted}
        if len(named) == 1:
            return named.pop()
        if named:
            raise WrongUsage(f"'{text}' is the name of more than one entity: {join_names(store, named)}. Write one of these.")
    # A prefix names the kind of entity that is meant.
    space, local = split_iri(iri) if iri else ("", text)
    like = _suggestions(store, local, [(thing, label) for thing, label in known if thing.startswith(space)])
    raise WrongUsage(f"{_none_of(store, kind)} is called '{text}'.{like}")


def split_iri(iri: str) -> tuple[str, str]:
    """Splits an IRI into namespace and local name."""
    at = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:at], iri[at:]


def _none_of(store: Store, kind: str | None) -> str:
    """Returns the subject of "… is called": ``No maker`` for a class, ``None of the plant statuses`` for a scheme."""
    if kind is None:
        return "No entity"
    label = labels(store, [kind], terms.LANGUAGES[0]).get(kind, terms.shorten(kind, namespaces(store)))
    is_scheme = bool(rows(store, f"SELECT * WHERE {{ <{kind}> a skos:ConceptScheme }} LIMIT 1"))
    return f"None of the {label}" if is_scheme else f"No {label}"


@memoise_each(_MOST_KINDS)
def instances(store: Store, kind: str) -> list[str]:
    """Returns the IRIs of all instances of a class or all concepts of a scheme, sorted."""
    found = rows(store, f"SELECT DISTINCT ?thing WHERE {{ {_condition(store, kind)} }} ORDER BY ?thing")
    return [row["thing"] for row in found]


@memoise_each(_MOST_KINDS)
def names(store: Store, kind: str | None) -> list[tuple[str, str]]:
    """Returns the labels and aliases of all entities of a class or a scheme (of all if None), as pairs of IRI and name."""
    found = rows(store, f"SELECT DISTINCT ?thing ?label WHERE {{ {_condition(store, kind)} ?thing {_NAMES} ?label }}")
    return [(row["thing"], row["label"]) for row in found]


def join_names(store: Store, iris: Iterable[str]) -> str:
    """Formats entities as a list for a message, each with its label and short name; at most eight, and the number of the others."""
    known, spaces = labels(store, iris := set(iris), terms.LANGUAGES[0]), namespaces(store)
    short = sorted((terms.shorten(iri, spaces), iri) for iri in iris)
    items = [f"{known[iri]} ({name})" if iri in known else name for name, iri in short[:_MOST_LISTED]]
    return ", ".join(items) + (f" and {len(short) - _MOST_LISTED} more" if len(short) > _MOST_LISTED else "")


def _suggestions(store: Store, text: str, labels: list[tuple[str, str]]) -> str:
    """Suggests entities whose name or slug contains the text, else those with the most similar ones."""
    from rapidfuzz import fuzz, process

    wanted = text.casefold()
    names: dict[str, str] = {}
    for thing, label in labels:
        names[label.casefold()] = thing
        names[re.split(r"[/#]", thing)[-1].casefold()] = thing
    like = [name for name in sorted(names) if wanted in name] if wanted else []
    like = like or [name for name, _, _ in process.extract(wanted, sorted(names), scorer=fuzz.ratio, score_cutoff=60, limit=3)]
    return f" Did you mean {join_names(store, {names[name] for name in like})}?" if like else ""


def labels(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """Returns the label of each entity that has one: in ``language``, else in English, else in any language."""
    return {iri: label.value for iri, label in literal_labels(store, iris, language).items()}


def literal_labels(store: Store, iris: Iterable[str], language: str) -> dict[str, Literal]:
    """Returns the same labels as :func:`labels`, as literals with their language."""
    return {iri: label for (iri, _), label in _labels(store, {(iri, language) for iri in iris}).items()}


@Lookup
def _labels(store: Store, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Literal]:
    values = terms.format_iris(iri for iri, _ in wanted)
    languages = {language for _, language in wanted}
    found = select(store, f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {values} }} ?thing {terms.format_path(terms.LABELS)} ?label }}")
    ranked: dict[tuple[str, str], tuple[int, str, Literal]] = {}
    for row in found:
        label = row["label"]
        for language in languages if isinstance(label, Literal) else ():
            rank = 0 if label.language == language else 1 if label.language == terms.LANGUAGES[0] else 2
            best = ranked.get((row["thing"].value, language))
            if best is None or (rank, label.value) < best[:2]:
                ranked[row["thing"].value, language] = rank, label.value, label
    return {key: label for key, (_, _, label) in ranked.items()}
