"""Reads the ontology for its pages: facts of terms, the shapes and queries that mention them, and how the data uses them."""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nevkg.data import dataset, terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.errors import InvalidData
from nevkg.store import EmbeddedStore, Store

# The page of a language that lists the others.
INDEX = "README"
ROOT = "../../../"
SH = terms.SHACL
TYPE = terms.RDF + "type"
CLASS = terms.OWL + "Class"
KINDS = (CLASS, *(f"{terms.OWL}{name}Property" for name in ("Object", "Datatype", "Annotation")), terms.SKOS + "Concept")
HEADS = (terms.OWL + "Ontology", terms.SKOS + "ConceptScheme")
TITLES = (*terms.LABELS, terms.DCTERMS + "title")
DEFINITIONS = (terms.SKOS + "definition", terms.DCTERMS + "abstract")
SUPERS = (terms.RDFS + "subClassOf", terms.RDFS + "subPropertyOf")
DEFINED_BY = terms.RDFS + "isDefinedBy"
TARGETS = tuple(SH + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"))
NAME_PATTERN = re.compile(r"(?<![\w:#-])([A-Za-z][\w-]*):([A-Za-z][\w-]*)", re.ASCII)
SCHEMA_GRAPHS = {terms.graph("ontology"), terms.graph("vocabularies")}
DERIVED = {terms.graph("history"), terms.graph("current")}
_RANKS = {terms.graph("current"): 0, terms.graph("registry"): 1, terms.graph("history"): 3}
_SHOWN = 3
_LONG = 100
# Rank, sort key and triple of an example.
Example = tuple[int, tuple[str, ...], Quad]


class Schema:
    """The ontology and the shapes, with facts in the order of the files.

    Attributes:
        facts: subject to property to values.
        inverse: (Value, property) to subjects.
        files: subject to its file, relative to the root of the repository.
        counts: property to the number of triples that use it.
        head: IRI of the ontology as a whole.
        terms_of: IRI of a module or vocabulary to the IRIs of its terms.
        page_of: IRI of a term to that of its module or vocabulary.
    """

    def __init__(self, store: Store) -> None:
        self.layout = store.layout
        self.spaces = terms.prefixes(self.layout.ontology)
        self.facts: dict[str, dict[str, list[terms.Term]]] = {}
        self.inverse: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.files: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        found = dataset.schema_files(self.layout)
        for path in (*found["ontology"], *found["vocabularies"], *sorted(self.layout.ontology.glob("shapes/*.ttl"))):
            for quad in dataset.parse_file(path):
                subject, name = terms.text(quad.subject), quad.predicate.value
                file = f"ontology/{path.relative_to(self.layout.ontology).as_posix()}"
                self.files.setdefault(subject, file)
                if name == DEFINED_BY:  # modules also declare the terms of others
                    self.files[subject] = file
                values = self.facts.setdefault(subject, {}).setdefault(name, [])
                if quad.object in values:
                    continue
                values.append(quad.object)
                self.inverse[terms.text(quad.object), name].append(subject)
                self.counts[name] += 1
        heads = [iri for iri in self.facts if set(self.iris(iri, TYPE)) & set(HEADS) and "/imports/" not in self.files[iri]]
        self.head, *heads = heads
        self.terms_of = {head: [iri for iri in self.inverse[head, DEFINED_BY] if iri not in heads] for head in heads}
        self.page_of = {iri: page for page, members in self.terms_of.items() for iri in (page, *members)}
        if len({self.local(page).lower() for page in self.terms_of} | {INDEX.lower()}) <= len(self.terms_of):
            raise InvalidData(f"Two modules or vocabularies have the same name, or one is called {INDEX}; rename one of them.")

    def iris(self, subject: str, name: str) -> list[str]:
        """Returns the IRIs among the values of a property."""
        return [term.value for term in self.facts.get(subject, {}).get(name, []) if isinstance(term, NamedNode)]

    def supers(self, iri: str) -> set[str]:
        """Returns a class or property with all its superclasses or superproperties."""
        found, waiting = set(), [iri]
        while waiting:
            if (current := waiting.pop()) not in found:
                found.add(current)
                waiting += [above for name in SUPERS for above in self.iris(current, name)]
        return found

    def kind(self, iri: str) -> str:
        """Returns the first type of a term that is in ``KINDS``, or an empty string."""
        return next((kind for kind in KINDS if kind in self.iris(iri, TYPE)), "")

    def words(self, iri: str, names: Iterable[str], language: str) -> str:
        """Returns the text of the first of these properties in a language, or an empty string."""
        found = (term for name in names for term in self.facts.get(iri, {}).get(name, []))
        return next((term.value for term in found if isinstance(term, Literal) and term.language == language), "")

    def short(self, iri: str) -> str:
        """Returns the prefixed name."""
        return terms.shorten(iri, self.spaces)

    def is_module(self, page: str) -> bool:
        """Whether a page is a module, with classes and properties and therefore a diagram, not a vocabulary."""
        return HEADS[0] in self.iris(page, TYPE)

    @staticmethod
    def local(iri: str) -> str:
        """Returns the name without its namespace."""
        return re.split(r"[/#]", iri)[-1]

    def find_terms(self, text: str) -> set[str]:
        """Returns the terms whose prefixed names occur in a text."""
        found = {self.spaces[prefix] + local for prefix, local in NAME_PATTERN.findall(text) if prefix in self.spaces}
        return found & self.page_of.keys()

    @cached_property
    def shapes(self) -> dict[str, list[str]]:
        """Term to the shapes with a message that mention or target it."""
        found: dict[str, list[str]] = defaultdict(list)
        for shape, facts in self.facts.items():
            if SH + "message" in facts:
                parents = self.inverse[shape, SH + "property"]
                targets = {target for parent in parents for name in TARGETS for target in self.iris(parent, name)}
                for iri in (self._terms_in_shape(shape) | targets) & self.page_of.keys():
                    found[iri].append(shape)
        return found

    def _terms_in_shape(self, shape: str) -> set[str]:
        found: set[str] = set()
        waiting, seen = [shape], {shape}
        while waiting:
            for name, values in self.facts[waiting.pop()].items():
                if name == SH + "select":
                    found |= self.find_terms(terms.text(values[0]))
                for value in (terms.text(term) for term in values if isinstance(term, NamedNode | BlankNode)):
                    found.add(value)
                    if value not in seen and value not in self.page_of and value in self.facts and SH + "message" not in self.facts[value]:
                        seen.add(value)
                        waiting.append(value)
        return found

    @cached_property
    def queries(self) -> dict[str, dict[str, list[Path]]]:
        """Kind of query (rules, questions, checks …) and term to the files that mention the term."""
        found: dict[str, dict[str, list[Path]]] = {}
        for folder in (self.layout.ontology / "rules", *sorted(path for path in self.layout.queries.glob("*") if path.is_dir())):
            found[folder.name] = defaultdict(list)
            # The query for days of changes is no rule.
            for path in sorted(set(folder.glob("**/*.rq")) - {dataset.changes_file(self.layout)}):
                lines = [line for line in read_query(path).splitlines() if line.startswith("#+") or not line.lstrip().startswith("#")]
                for iri in self.find_terms(re.sub(r"<[^>\s]*>", " ", "\n".join(lines))):
                    found[folder.name][iri].append(path)
        return found

    def title(self, path: Path, language: str) -> str:
        """Returns the title of a query in a language, or an empty string."""
        title = read_head(path, read_query(path)).get("title")
        return str(title.get(language, "")) if isinstance(title, dict) else ""


def _order(example: Example) -> tuple[int, tuple[str, ...]]:
    return example[:2]


class Usage:
    """Counts of the use of each term in the data, and a few examples: plain facts before statements, then by name."""

    def __init__(self, store: EmbeddedStore, schema: Schema) -> None:
        self.store = store.store
        self.schema = schema
        self.instances: dict[str, set[str]] = defaultdict(set)
        self.counts: Counter[tuple[str, str, bool]] = Counter()
        self.examples: dict[tuple[str, str, str], list[Example]] = defaultdict(list)
        above = {iri: schema.supers(iri) for iri in schema.page_of}
        for quad in self.store.quads_for_pattern(None, None, None):
            graph, name, value = terms.text(quad.graph_name), quad.predicate.value, terms.text(quad.object)
            # The description of the dataset is about the terms; it does not use them.
            if graph in SCHEMA_GRAPHS or terms.text(quad.subject).startswith(terms.DATASET):
                continue
            if name == TYPE:
                for iri in above.get(value, ()):
                    self.instances[iri].add(terms.text(quad.subject))
                    self._add_example(iri, "instance", quad, graph)
                continue
            for iri, role in ((name, "predicate"), (value, "object")):
                if iri in above:
                    self.counts[iri, role, graph in DERIVED] += 1
                    self._add_example(iri, role, quad, graph)

    def _add_example(self, iri: str, role: str, quad: Quad, graph: str) -> None:
        rank, subject = _RANKS.get(graph, 2), str(quad.subject)
        tag = quad.object.language if isinstance(quad.object, Literal) else None
        for language in terms.LANGUAGES:
            if tag not in (None, language):
                continue
            examples = self.examples[iri, role, language]
            # Most triples come after the last example; they must cost little.
            if len(examples) == _SHOWN and (rank, subject) > (examples[-1][0], examples[-1][1][0]):
                continue
            entry = (rank, (subject, quad.predicate.value, str(quad.object) if role != "instance" else ""), quad)
            # One example for each subject: the first in order.
            first = min([entry, *(example for example in examples if example[1][0] == subject)], key=_order)
            examples[:] = [example for example in examples if example[1][0] != subject]
            insort(examples, first, key=_order)
            del examples[_SHOWN:]

    def label(self, iri: str, language: str) -> str:
        """Returns the label in a language, otherwise in English, otherwise an empty string."""
        found = {quad.object for name in TITLES for quad in self.store.quads_for_pattern(NamedNode(iri), NamedNode(name), None)}
        labels = {term.language: term.value for term in sorted(found, key=str, reverse=True) if isinstance(term, Literal)}
        return labels.get(language) or labels.get(terms.LANGUAGES[0], "")

    def format_value(self, term: object, language: str) -> str:
        """Returns a value in Markdown: an entity as label and prefixed name, a statement as its subject, property and value."""
        if not isinstance(term, NamedNode):
            text = " ".join(str(getattr(term, "value", term)).split())
            return f"“{escape(text[:_LONG])}{'…' if len(text) > _LONG else ''}”"
        short = self.schema.short(term.value)
        if short == term.value:
            return f"<{short}>"
        label = self.label(term.value, language) or " · ".join(self._about(term, language))
        return f"{escape(label)} (`{short}`)" if label else f"`{short}`"

    def _about(self, thing: NamedNode, language: str) -> Iterator[str]:
        facts = list(self.store.quads_for_pattern(thing, None, None))
        for name in ("subject", "property", "value", "number"):
            values = [quad.object for quad in facts if terms.NEV + name in self.schema.supers(quad.predicate.value)]
            for value in sorted(values, key=str)[:1]:
                text = terms.text(value)
                yield (self.label(text, language) or self.schema.short(text)) if isinstance(value, NamedNode) else text


def escape(text: str) -> str:
    """Escapes text for Markdown."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)
