"""From what a user types to the one thing that is meant, and from things to their labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal, NamedNode, QuerySolutions

from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.store import Store
from nevkg.store.memo import Lookup, kept

_LABELS = "|".join(f"<{name}>" for name in (*terms.LABELS, *terms.ALIASES))
_REPLACED_BY = f"<{terms.DCTERMS}isReplacedBy>"
_JUDGEMENT = terms.BASE + "judgement/"
_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"
_SLUG = re.compile(r"[\w.\-~%]+\Z")
_SHOWN = 8


def select(store: Store, text: str) -> QuerySolutions:
    """The solutions of a SELECT query of this project."""
    found = store.query(text)
    if not isinstance(found, QuerySolutions):
        raise TypeError("not a SELECT query")
    return found


def rows(store: Store, text: str) -> list[dict[str, str]]:
    """The same, as texts by variable; variables without a value are left out."""
    found = select(store, text)
    names = [variable.value for variable in found.variables]
    return [{name: terms.text(term) for name in names if (term := row[name]) is not None} for row in found]


def namespaces(store: Store) -> dict[str, str]:
    """Prefix to namespace."""
    return terms.prefixes(store.layout.ontology)


@kept
def version(store: Store) -> str:
    """The version of ontology, data and code, which are released together."""
    iri = terms.NEV.rstrip("#")
    for row in select(store, f"SELECT ?version WHERE {{ <{iri}> <{_VERSION}> ?version }}"):
        return str(row["version"].value)
    return "without a version"


def dataset_date(store: Store) -> str:
    """The day that answers are for unless a question names another (ISO)."""
    return own_date(store) or date.today().isoformat()


@kept
def own_date(store: Store) -> str | None:
    """The date of the dataset in a store (ISO); None if what it holds is no dataset of ours."""
    found = select(store, f"SELECT ?day WHERE {{ ?dataset <{terms.NEV}datasetDate> ?day }} ORDER BY DESC(?day) LIMIT 1")
    return next((str(solution["day"].value) for solution in found), None)


def _condition(store: Store, kind: str | None) -> str:
    """What makes ``?thing`` a candidate: an instance of a class, or a concept of a scheme."""
    if kind is None:
        return "?thing ?anyProperty ?anyValue ."
    classes = " ".join(f"<{one}>" for one in sorted(_at_or_below(store, kind)))
    return f"{{ VALUES ?class {{ {classes} }} ?thing <{terms.RDF}type> ?class }} UNION {{ ?thing <{terms.SKOS}inScheme> <{kind}> }}"


def _at_or_below(store: Store, kind: str) -> set[str]:
    """A class and all below it. Virtuoso leaves out the class itself, and more, where a path has a star."""
    found, size = {kind}, 0
    while len(found) > size:
        size = len(found)
        found |= {lower for lower, upper in _steps(store) if upper in found}
    return found


def classes_above(store: Store, kind: str) -> list[str]:
    """The classes right above one, sorted."""
    return sorted({upper for lower, upper in _steps(store) if lower == kind})


@kept
def _steps(store: Store) -> list[tuple[str, str]]:
    """The classes that have names, each with one right above it."""
    rows = select(store, f"SELECT ?lower ?upper WHERE {{ ?lower <{terms.RDFS}subClassOf> ?upper }}")
    pairs = [(row["lower"], row["upper"]) for row in rows]
    return [(lower.value, upper.value) for lower, upper in pairs if isinstance(lower, NamedNode) and isinstance(upper, NamedNode)]


def resolve(store: Store, text: str, kind: str | None = None) -> str:
    """The IRI of the one thing that ``text`` names.

    Args:
        text: a slug, a prefixed name, an IRI, or a label or alias in any language.
        kind: IRI of a class or a concept scheme that the thing must belong to.

    Raises:
        WrongUsage: if nothing or more than one thing is meant; candidates are listed.
    """
    spaces = namespaces(store)
    iri = terms.expand(text, spaces)
    # A judgement has the slug of what it judges, and is not what is meant by it.
    guesses = [iri] if iri else [space + text for space in spaces.values() if space != _JUDGEMENT] if _SLUG.match(text) else []
    if guesses:
        values = " ".join(str(NamedNode(guess)) for guess in guesses if _is_iri(guess))
        # What was merged into another thing leads there.
        merged = select(store, f"SELECT ?guess ?thing WHERE {{ VALUES ?guess {{ {values} }} ?guess {_REPLACED_BY} ?thing }}")
        instead = {row["guess"].value: row["thing"].value for row in merged}
        values = " ".join(sorted({str(NamedNode(instead.get(guess, guess))) for guess in guesses if _is_iri(guess)}))
        found = {
            row["thing"].value
            for row in select(store, f"SELECT DISTINCT ?thing WHERE {{ VALUES ?thing {{ {values} }} {_condition(store, kind)} }}")
        }
        if len(found) == 1:
            return str(found.pop())
        if found:
            raise WrongUsage(f"'{text}' names more than one thing: {listed(store, found)}. Write one of these.")
    labels = names(store, kind)
    if iri is None:
        wanted = text.casefold()
        named = {thing for thing, label in labels if label.casefold() == wanted}
        if len(named) == 1:
            return named.pop()
        if named:
            raise WrongUsage(f"'{text}' is the name of more than one thing: {listed(store, named)}. Write one of these.")
    what = f" of the kind {terms.shorten(kind, spaces)}" if kind else ""
    raise WrongUsage(f"Nothing{what} is called '{text}'.{_suggestions(store, text, labels)}")


def instances(store: Store, kind: str) -> list[str]:
    """The IRIs of all instances of a class, or all concepts of a scheme, sorted."""
    return _instances(store, [kind])[kind]


def _look_up_instances(store: Store, kind: str) -> list[str]:
    found = select(store, f"SELECT DISTINCT ?thing WHERE {{ {_condition(store, kind)} }} ORDER BY ?thing")
    return [terms.text(row["thing"]) for row in found]


_instances = Lookup[str, list[str]](lambda store, kinds: {kind: _look_up_instances(store, kind) for kind in kinds})


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _labels_of_kind(store: Store, kind: str | None) -> list[tuple[str, str]]:
    found = select(store, f"SELECT DISTINCT ?thing ?label WHERE {{ {_condition(store, kind)} ?thing {_LABELS} ?label }}")
    return [(row["thing"].value, row["label"].value) for row in found]


_named = Lookup[str | None, list[tuple[str, str]]](lambda store, kinds: {kind: _labels_of_kind(store, kind) for kind in kinds})


def names(store: Store, kind: str | None) -> list[tuple[str, str]]:
    """The labels and aliases of all things of a class or a scheme, each after the IRI of its thing."""
    return _named(store, [kind])[kind]


def listed(store: Store, iris: Iterable[str]) -> str:
    """Things as a message lists them, each with its label and its short name; no more than a few."""
    known, spaces = labels(store, iris := set(iris), terms.LANGUAGES[0]), namespaces(store)
    short = sorted((terms.shorten(iri, spaces), iri) for iri in iris)
    shown = [f"{known[iri]} ({name})" if iri in known else name for name, iri in short[:_SHOWN]]
    return ", ".join(shown) + (f" and {len(short) - _SHOWN} more" if len(short) > _SHOWN else "")


def _suggestions(store: Store, text: str, labels: list[tuple[str, str]]) -> str:
    """Things whose label contains the text, else those whose name or slug is most like it."""
    from rapidfuzz import fuzz, process

    wanted = text.casefold()
    names: dict[str, str] = {}
    for thing, label in labels:
        names[label.casefold()] = thing
        names[re.split(r"[/#]", thing)[-1].casefold()] = thing
    like = [name for name in sorted(names) if wanted in name]
    like = like or [name for name, _, _ in process.extract(wanted, sorted(names), scorer=fuzz.ratio, score_cutoff=60, limit=3)]
    return f" Did you mean {listed(store, {names[name] for name in like})}?" if like else ""


def labels(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """The label of each thing that has one: in ``language``, else in English, else in any."""
    return {iri: label.value for iri, label in literal_labels(store, iris, language).items()}


def literal_labels(store: Store, iris: Iterable[str], language: str) -> dict[str, Literal]:
    """The labels as ``labels`` chooses them, each with the language that it is in."""
    return {iri: label for (iri, _), label in _labels(store, {(iri, language) for iri in iris}).items()}


def _look_up_labels(store: Store, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Literal]:
    values = " ".join(sorted({f"<{iri}>" for iri, _ in wanted}))
    languages = {language for _, language in wanted}
    properties = "|".join(f"<{name}>" for name in terms.LABELS)
    found = select(store, f"SELECT ?thing ?label WHERE {{ VALUES ?thing {{ {values} }} ?thing {properties} ?label }}")
    ranked: dict[tuple[str, str], tuple[int, str, Literal]] = {}
    for row in found:
        label = row["label"]
        for language in languages if isinstance(label, Literal) else ():
            rank = 0 if label.language == language else 1 if label.language == terms.LANGUAGES[0] else 2
            best = ranked.get((row["thing"].value, language))
            if best is None or (rank, label.value) < best[:2]:
                ranked[row["thing"].value, language] = rank, label.value, label
    return {key: label for key, (_, _, label) in ranked.items()}


_labels = Lookup(_look_up_labels)
