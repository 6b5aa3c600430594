"""The ontology as Markdown pages, one a module or vocabulary and language.

A page stands at ``docs/ontology/<language>/<name>.md``; its links to files count on that. The words, and which facts of a
term are shown in which order, stand in ``templates/ontology.yaml``.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nevkg import dataset, terms
from nevkg.errors import InvalidData
from nevkg.head import read_head, read_query
from nevkg.publish.diagrams import Box, draw
from nevkg.store import EmbeddedStore

MARK = "Made by nevkg docs ontology from the ontology and the data; do not edit."
INDEX = "README"
_ROOT = "../../../"
_OWL = "http://www.w3.org/2002/07/owl#"
_SH = "http://www.w3.org/ns/shacl#"
_TYPE = terms.RDF + "type"
_CLASS = _OWL + "Class"
_KINDS = (_CLASS, *(f"{_OWL}{name}Property" for name in ("Object", "Datatype", "Annotation")), terms.SKOS + "Concept")
_HEADS = (_OWL + "Ontology", terms.SKOS + "ConceptScheme")
_TITLES = (*terms.LABELS, terms.DCTERMS + "title")
_DEFINITIONS = (terms.SKOS + "definition", terms.DCTERMS + "abstract")
_SUPERS = (terms.RDFS + "subClassOf", terms.RDFS + "subPropertyOf")
_DEFINED_BY = terms.RDFS + "isDefinedBy"
_TARGETS = tuple(_SH + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"))
_NOT_OF_THE_DATA = {terms.graph("ontology"), terms.graph("vocabularies")}
_DERIVED = {terms.graph("history"), terms.graph("current")}
_RANKS = {terms.graph("current"): 0, terms.graph("registry"): 1, terms.graph("history"): 3}
_SHOWN = 3
_LONG = 100
_NAME = re.compile(r"(?<![\w:#-])([A-Za-z][\w-]*):([A-Za-z][\w-]*)")


def pages(store: EmbeddedStore) -> dict[str, str]:
    """Path below the folder of the documentation, and text: the pages and indexes of all languages, and the diagrams."""
    import yaml

    words = yaml.safe_load((Path(__file__).parent / "templates" / "ontology.yaml").read_text(encoding="utf-8"))
    schema = Schema(store)
    data = Data(store, schema)
    made = {f"diagrams/{schema.local(page)}.svg": _diagram(schema, page) for page in schema.terms_of if schema.is_module(page)}
    for language in terms.LANGUAGES:
        writer = _Writer(schema, data, language, words[language])
        made |= {f"{language}/{schema.local(page)}.md": writer.page(page) for page in schema.terms_of}
        made[f"{language}/{INDEX}.md"] = writer.index()
    return made


class Schema:
    """The ontology and the shapes as they are written: facts in the order of the files, and who mentions which term."""

    def __init__(self, store: EmbeddedStore) -> None:
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
                self.facts.setdefault(subject, {}).setdefault(name, []).append(quad.object)
                self.inverse[terms.text(quad.object), name].append(subject)
                self.files.setdefault(subject, f"ontology/{path.relative_to(self.layout.ontology).as_posix()}")
                self.counts[name] += 1
        heads = [iri for iri in self.facts if set(self.iris(iri, _TYPE)) & set(_HEADS) and "/imports/" not in self.files[iri]]
        self.head, *heads = heads
        self.terms_of = {head: [iri for iri in self.inverse[head, _DEFINED_BY] if iri not in heads] for head in heads}
        self.page_of = {iri: page for page, listed in self.terms_of.items() for iri in (page, *listed)}
        if len({self.local(page).lower() for page in self.terms_of} | {INDEX.lower()}) <= len(self.terms_of):
            raise InvalidData(f"Two modules or vocabularies have one name, or one is called {INDEX}; rename it.")

    def iris(self, subject: str, name: str) -> list[str]:
        """The things that a thing has for a property."""
        return [term.value for term in self.facts.get(subject, {}).get(name, []) if isinstance(term, NamedNode)]

    def supers(self, iri: str) -> set[str]:
        """A class or property and all that it is a kind of."""
        found, waiting = set(), [iri]
        while waiting:
            if (one := waiting.pop()) not in found:
                found.add(one)
                waiting += [above for name in _SUPERS for above in self.iris(one, name)]
        return found

    def kind(self, iri: str) -> str:
        """The first of the kinds of terms that a term is."""
        return next((kind for kind in _KINDS if kind in self.iris(iri, _TYPE)), "")

    def words(self, iri: str, names: Iterable[str], language: str) -> str:
        """The text that a thing has in a language."""
        found = (term for name in names for term in self.facts.get(iri, {}).get(name, []))
        return next((term.value for term in found if isinstance(term, Literal) and term.language == language), "")

    def short(self, iri: str) -> str:
        """The prefixed name."""
        return terms.shorten(iri, self.spaces)

    def is_module(self, page: str) -> bool:
        """Whether a page has classes and properties of its own, and so a diagram."""
        return _HEADS[0] in self.iris(page, _TYPE)

    @staticmethod
    def local(iri: str) -> str:
        """The name without its namespace."""
        return re.split(r"[/#]", iri)[-1]

    def named_in(self, text: str) -> set[str]:
        """The terms whose prefixed names stand in a text."""
        found = {self.spaces[prefix] + local for prefix, local in _NAME.findall(text) if prefix in self.spaces}
        return found & self.page_of.keys()

    @cached_property
    def shapes(self) -> dict[str, list[str]]:
        """Term to the shapes with a sentence that mention it or are for it."""
        found: dict[str, list[str]] = defaultdict(list)
        for shape, facts in self.facts.items():
            if _SH + "message" in facts:
                parents = self.inverse[shape, _SH + "property"]
                targets = {target for parent in parents for name in _TARGETS for target in self.iris(parent, name)}
                for iri in (self._mentioned(shape) | targets) & self.page_of.keys():
                    found[iri].append(shape)
        return found

    def _mentioned(self, shape: str) -> set[str]:
        found: set[str] = set()
        waiting, seen = [shape], {shape}
        while waiting:
            for name, values in self.facts[waiting.pop()].items():
                if name == _SH + "select":
                    found |= self.named_in(terms.text(values[0]))
                for value in (terms.text(term) for term in values if isinstance(term, NamedNode | BlankNode)):
                    found.add(value)
                    if value not in seen and value not in self.page_of and value in self.facts and _SH + "message" not in self.facts[value]:
                        seen.add(value)
                        waiting.append(value)
        return found

    @cached_property
    def queries(self) -> dict[str, dict[str, list[Path]]]:
        """Kind of query (rules, questions, checks …) and term to the files that mention the term."""
        found: dict[str, dict[str, list[Path]]] = {}
        for folder in (self.layout.ontology / "rules", *sorted(path for path in self.layout.queries.glob("*") if path.is_dir())):
            found[folder.name] = defaultdict(list)
            for path in sorted(folder.glob("**/*.rq")):
                lines = [line for line in read_query(path).splitlines() if line.startswith("#+") or not line.lstrip().startswith("#")]
                for iri in self.named_in(re.sub(r"<[^>\s]*>", " ", "\n".join(lines))):
                    found[folder.name][iri].append(path)
        return found

    def title(self, path: Path, language: str) -> str:
        """The title of a query, if it has one in the language."""
        title = read_head(path, read_query(path)).get("title")
        return str(title.get(language, "")) if isinstance(title, dict) else ""


class Data:
    """How often the data uses each term, and a few examples: the first by name, plain facts before statements."""

    def __init__(self, store: EmbeddedStore, schema: Schema) -> None:
        self.store = store.store
        self.schema = schema
        self.instances: dict[str, set[str]] = defaultdict(set)
        self.counts: Counter[tuple[str, str, bool]] = Counter()
        self.examples: dict[tuple[str, str, str], list[tuple[int, tuple[str, ...], Quad]]] = defaultdict(list)
        above = {iri: schema.supers(iri) for iri in schema.page_of}
        for quad in self.store.quads_for_pattern(None, None, None):
            graph, name, value = terms.text(quad.graph_name), quad.predicate.value, terms.text(quad.object)
            if graph in _NOT_OF_THE_DATA:
                continue
            if name == _TYPE:
                for iri in above.get(value, ()):
                    self.instances[iri].add(terms.text(quad.subject))
                    self._keep(iri, "instance", quad)
                continue
            for iri, role in ((name, "predicate"), (value, "object")):
                if iri in above:
                    self.counts[iri, role, graph in _DERIVED] += 1
                    self._keep(iri, role, quad)

    def _keep(self, iri: str, role: str, quad: Quad) -> None:
        rank = _RANKS.get(terms.text(quad.graph_name), 2)
        entry = (rank, (str(quad.subject), quad.predicate.value, str(quad.object) if role != "instance" else ""), quad)
        tag = quad.object.language if isinstance(quad.object, Literal) else None
        for language in terms.LANGUAGES:
            kept = self.examples[iri, role, language]
            if tag in (None, language) and all(entry[1] != other[1] for other in kept):
                insort(kept, entry, key=lambda one: one[:2])
                del kept[_SHOWN:]

    def label(self, iri: str, language: str) -> str:
        """The label in the language, else in English."""
        found = [quad.object for name in _TITLES for quad in self.store.quads_for_pattern(NamedNode(iri), NamedNode(name), None)]
        said = {term.language: term.value for term in reversed(found) if isinstance(term, Literal)}
        return said.get(language) or said.get(terms.LANGUAGES[0], "")

    def shown(self, term: object, language: str) -> str:
        """A value as a reader would write it; a thing by its label and short name, a statement by what it is about."""
        if not isinstance(term, NamedNode):
            text = " ".join(str(getattr(term, "value", term)).split())
            return f"“{_escape(text[:_LONG])}{'…' if len(text) > _LONG else ''}”"
        short = self.schema.short(term.value)
        if short == term.value:
            return f"<{short}>"
        label = self.label(term.value, language) or " · ".join(self._about(term, language))
        return f"{_escape(label)} (`{short}`)" if label else f"`{short}`"

    def _about(self, thing: NamedNode, language: str) -> Iterator[str]:
        facts = list(self.store.quads_for_pattern(thing, None, None))
        for name in ("subject", "property", "value", "number"):
            values = [quad.object for quad in facts if terms.NEV + name in self.schema.supers(quad.predicate.value)]
            for value in sorted(values, key=str)[:1]:
                text = terms.text(value)
                yield (self.label(text, language) or self.schema.short(text)) if isinstance(value, NamedNode) else text


class _Writer:
    """Writes the pages of one language."""

    def __init__(self, schema: Schema, data: Data, language: str, words: dict[str, Any]) -> None:
        self.schema, self.data, self.language, self.said = schema, data, language, words

    def index(self) -> str:
        """All pages and all terms."""
        head = self.schema.head
        version = terms.text(self.schema.facts[head][_OWL + "versionInfo"][0])
        lines = [f"<!-- {MARK} -->", f"# {self._label(head)}", "", self._definition(head), "", self.said["intro"], ""]
        lines += [self._row(self.said["version"], version), self._row(self.said["iri"], f"<{head}>"), *self._others(INDEX)]
        for name, is_module in (("modules", True), ("vocabularies", False)):
            listed = [page for page in self.schema.terms_of if self.schema.is_module(page) == is_module]
            lines += ["", f"## {self.said[name]}", "", *(self._row(self._link(page), self._definition(page)) for page in listed)]
        every = sorted(self.schema.page_of.keys() - self.schema.terms_of.keys(), key=lambda iri: (self.schema.short(iri).lower(), iri))
        lines += ["", f"## {self.said['all']}", "", *(f"- `{self.schema.short(iri)}` {self._link(iri)}" for iri in every)]
        return "\n".join(lines) + "\n"

    def page(self, page: str) -> str:
        """A module or vocabulary with all its terms."""
        name, listed = self.schema.local(page), self.schema.terms_of[page]
        lines = [
            f"<!-- {MARK} -->",
            f'# <a id="{name}"></a>{self._label(page)} · `{self.schema.short(page)}`',
            "",
            self._definition(page),
            "",
        ]
        lines += [f"- [{self.said['index']}]({INDEX}.md)", *self._others(name), *self._facts(page)]
        if self.schema.is_module(page):
            lines += ["", f"![{self.said['diagram']}](../diagrams/{name}.svg)"]
        for kind in _KINDS:
            if of_kind := [iri for iri in listed if self.schema.kind(iri) == kind]:
                title = self.said["kinds"][self.schema.short(kind)]
                lines += ["", f"## {title}", "", " · ".join(self._link(iri) for iri in of_kind)]
                lines += [line for iri in of_kind for line in self._term(iri)]
        return "\n".join(lines) + "\n"

    def _others(self, name: str) -> list[str]:
        others = [f"[{language}](../{language}/{name}.md)" for language in terms.LANGUAGES if language != self.language]
        return [self._row(self.said["other"], ", ".join(others))]

    def _term(self, iri: str) -> list[str]:
        heading = f'### <a id="{self.schema.local(iri)}"></a>{self._label(iri)} · `{self.schema.short(iri)}`'
        return ["", heading, "", self._definition(iri), "", *self._facts(iri), *self._use(iri)]

    def _facts(self, iri: str) -> list[str]:
        lines = [self._row(self.said["iri"], f"<{iri}>")]
        if iri in self.schema.terms_of:
            lines.append(self._row(self.said["file"], f"[{self.schema.files[iri]}]({_ROOT}{self.schema.files[iri]})"))
        known = self.said["rows"].keys()
        for name, word in self.said["rows"].items():
            if name == "*":
                own = [one for one in self.schema.facts[iri] if one in self.schema.page_of and self.schema.short(one) not in known]
                rows = [(self._link(one), self._values(iri, one)) for one in own]
            elif name.startswith("^"):
                full = terms.expand(name[1:], self.schema.spaces) or ""
                rows = [(word, [self._link(one) for one in self.schema.inverse[iri, full] if one in self.schema.page_of])]
            else:
                rows = [(word, self._values(iri, terms.expand(name, self.schema.spaces) or ""))]
            lines += [self._row(title, self.said["between"].join(values)) for title, values in rows if values]
        return lines

    def _values(self, iri: str, name: str) -> list[str]:
        left_out = (*_KINDS, *_HEADS) if name == _TYPE else ()
        return [
            self._value(term)
            for term in self.schema.facts[iri].get(name, [])
            if terms.text(term) not in left_out and (not isinstance(term, Literal) or term.language in (None, self.language))
        ]

    def _value(self, term: terms.Term) -> str:
        if not isinstance(term, BlankNode):
            return self._link(term.value) if isinstance(term, NamedNode) else _escape(terms.text(term))
        facts = self.schema.facts[term.value]
        words = {terms.expand(name, self.schema.spaces) or "": word for name, word in self.said["expressions"].items()}
        if terms.RDF + "first" in facts:
            return " ∘ ".join(self._list(term))
        for name, values in facts.items():
            if name in words and _OWL + "onProperty" in facts:
                return f"({self._value(facts[_OWL + 'onProperty'][0])} {words[name]} {self._value(values[0])})"
            if name in words:
                return str(words[name]).join(self._list(values[0]))
        return "…"

    def _list(self, term: terms.Term) -> Iterator[str]:
        while first := self.schema.facts.get(terms.text(term), {}).get(terms.RDF + "first"):
            yield self._value(first[0])
            term = self.schema.facts[terms.text(term)][terms.RDF + "rest"][0]

    def _use(self, iri: str) -> Iterator[str]:
        counts = [self.said["instances"].format(len(found))] if (found := self.data.instances.get(iri)) else []
        for role, word in (("predicate", "triples"), ("object", "uses")):
            stated, derived = (self.data.counts[iri, role, is_derived] for is_derived in (False, True))
            if stated + derived:
                counts.append(self.said[word].format(stated + derived, stated, derived))
        if self.schema.counts[iri]:
            counts.append(self.said["schema"].format(self.schema.counts[iri]))
        yield self._row(self.said["data"], self.said["also"].join(counts) or self.said["unused"])
        for role in ("instance", "predicate", "object"):
            if examples := self.data.examples[iri, role, self.language]:
                yield self._row(self.said["examples"])
                yield from (f"  - {self._example(role, quad)}" for *_, quad in examples)
                break
        if shapes := self.schema.shapes.get(iri):
            yield self._row(self.said["shapes"])
            for shape in shapes:
                sentence = self.schema.words(shape, (_SH + "message",), self.language)
                yield "  " + self._row(f"[{self.schema.local(shape)}]({_ROOT}{self.schema.files[shape]})", _escape(sentence))
        for folder, found in self.schema.queries.items():
            if paths := found.get(iri):
                yield self._row(self.said.get(folder, folder), self.said["between"].join(self._query(path) for path in paths))

    def _example(self, role: str, quad: Quad) -> str:
        parts = [self.data.shown(quad.subject, self.language)]
        if role == "object":
            parts.append(self._link(quad.predicate.value))
        if role != "instance":
            parts.append(self.data.shown(quad.object, self.language))
        return " → ".join(parts)

    def _query(self, path: Path) -> str:
        layout = self.schema.layout
        root = layout.ontology.parent if path.is_relative_to(layout.ontology) else layout.queries.parent
        return f"[{path.stem}]({_ROOT}{path.relative_to(root).as_posix()})"

    def _row(self, title: str, text: str = "") -> str:
        return f"- {title}{self.said['colon']}{text}".rstrip()

    def _label(self, iri: str) -> str:
        return _escape(self.schema.words(iri, _TITLES, self.language) or self.schema.short(iri))

    def _definition(self, iri: str) -> str:
        return _escape(self.schema.words(iri, _DEFINITIONS, self.language))

    def _link(self, iri: str) -> str:
        page = self.schema.page_of.get(iri)
        if page is None:
            return f"[{self.schema.short(iri)}]({iri})"
        return f"[{self._label(iri)}]({self.schema.local(page)}.md#{self.schema.local(iri)})"


def _escape(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def _diagram(schema: Schema, page: str) -> str:
    """The classes of a module with its properties; dashed are classes of other modules that get properties here."""
    name = {iri: schema.local(iri) for iri in schema.page_of}
    listed = schema.terms_of[page]
    lines: dict[str, list[str]] = {iri: [] for iri in listed if schema.kind(iri) == _CLASS}
    for iri in listed:
        if (kind := schema.kind(iri)) in _KINDS[1:3]:
            taken = schema.iris(iri, terms.NEV + "valuesFrom") or schema.iris(iri, terms.RDFS + "range")
            ranges = ", ".join(name.get(one) or schema.short(one).removeprefix("xsd:") for one in taken)
            line = f"{name[iri]}{' → ' if kind == _KINDS[1] else ': '}{ranges}" if ranges else name[iri]
            for domain in schema.iris(iri, terms.RDFS + "domain") or ["*"]:
                lines.setdefault(domain, []).append(line)
    boxes = []
    for iri, properties in lines.items():
        supers = [name.get(one) or schema.short(one) for one in schema.iris(iri, _SUPERS[0])] if iri in listed else []
        boxes.append(Box(name.get(iri) or schema.short(iri), supers, properties, iri not in listed))
    return draw(schema.short(page), boxes).replace("<title>", f"<!-- {MARK} -->\n<title>", 1)
