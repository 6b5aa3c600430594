"""Adds new terms to the files of the ontology, as text, so that the existing text keeps its formatting."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk

_TYPE = terms.RDF + "type"
_IN_SCHEME, _SCHEME = terms.SKOS + "inScheme", terms.SKOS + "ConceptScheme"
_LABEL, _DEFINITION, _NOTATION = (terms.SKOS + name for name in ("prefLabel", "definition", "notation"))
_DEFINED_BY = terms.RDFS + "isDefinedBy"
_PROTOTYPE, _PROVISIONAL = terms.NEV + "prototype", terms.NEV + "isProvisional"
_NAMESPACE = "http://purl.org/vocab/vann/preferredNamespaceUri"
_OWL = "http://www.w3.org/2002/07/owl#"
_PREFIX = re.compile(r"^@prefix ([\w-]+): <([^>]*)> \.", re.MULTILINE)
_LOCAL = re.compile(r"[A-Za-z0-9][\w-]*\Z")
# Properties of a prototype that new concepts do not copy, because they distinguish the prototype from other concepts.
_OWN = (_TYPE, _IN_SCHEME, _LABEL, _DEFINITION, _NOTATION, _DEFINED_BY, _PROTOTYPE)
Pair = tuple[str, terms.Term]


class TermFiles:
    """The vocabularies, modules and tables of an ontology, with additions.

    Attributes:
        changed: File, relative to the ontology, to its new text.
    """

    def __init__(self, layout: Layout, namespaces: Mapping[str, str]) -> None:
        self.ontology, self.namespaces = layout.ontology, dict(namespaces)
        self.changed: dict[str, str] = {}
        self._file_of: dict[str, str] = {}
        self._about: dict[str, list[Pair]] = defaultdict(list)
        for folder in ("modules", "vocabularies"):
            for path in sorted(walk(self.ontology / folder, ".ttl")):
                for quad in dataset.parse_file(path):
                    iri = terms.text(quad.subject)
                    if isinstance(quad.object, NamedNode | Literal):
                        self._about[iri].append((quad.predicate.value, quad.object))
                    if quad.predicate.value == _TYPE:
                        self._file_of[iri] = str(path.relative_to(self.ontology))

    def value(self, iri: str, name: str) -> str:
        """Returns a value of a property of a term, or an empty string."""
        return next((terms.text(value) for one, value in self._about.get(iri, ()) if one == name), "")

    def prototype(self, iri: str) -> str:
        """Returns the concept that a vocabulary or a unit names as the model for new ones, or an empty string."""
        return self.value(iri, _PROTOTYPE)

    def text(self, name: str) -> str:
        """Returns the text of a file, with changes so far."""
        return self.changed.get(name) or (self.ontology / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        """Replaces the text of a file. Nothing is written to disk; see :func:`replace_files`."""
        self.changed[name] = text

    def concept(self, scheme: str, local: str, code: str, like: str, more: Mapping[str, terms.Term]) -> tuple[str, str]:
        """Adds a concept to a vocabulary. Returns its prefixed name and the file.

        Args:
            scheme: IRI of the vocabulary.
            local: Local name of the concept.
            code: The code, as written in the tables.
            like: IRI of the prototype; empty for that of the vocabulary.
            more: Properties that override those of the prototype.
        """
        file = self._file_of[scheme]
        iri = self.value(scheme, _NAMESPACE) + local
        pairs: list[Pair] = [(_TYPE, kind) for kind in self._shared_types(scheme)]
        pairs += [(_IN_SCHEME, NamedNode(scheme)), (_PROVISIONAL, _true())]
        pairs += [(_NOTATION, Literal(code))] if code != local else []
        inherited = self._about.get(like or self.prototype(scheme), [])
        pairs += [(name, value) for name, value in inherited if name not in _OWN and name not in more]
        pairs += more.items()
        names = {language: self._label(scheme, language) for language in terms.LANGUAGES}
        definitions = (
            f"Entry of the vocabulary of {names['en']} that is still to be described.",
            f"词表“{names['zh']}”中尚待说明的条目。",
        )
        self._append(file, iri, [*pairs, *_labels_and_definitions(_LABEL, code, definitions), (_DEFINED_BY, NamedNode(scheme))])
        return terms.shorten(iri, self.namespaces), file

    def property(self, iri: str, code: str, sibling: str, kind: str, domain: str, pattern: str) -> tuple[str, str]:
        """Adds a property to the module of another one. Returns its prefixed name and the file.

        Args:
            iri: IRI of the property.
            code: The attribute, as written in the tables; used as label.
            sibling: IRI of a property in the same module.
            kind: IRI of the range; empty for strings.
            domain: IRI of the domain, or empty.
            pattern: IRI of the history pattern: how successive values relate.
        """
        file = self._file_of[sibling]
        pairs: list[Pair] = [(_TYPE, NamedNode(_OWL + ("ObjectProperty" if kind else "DatatypeProperty")))]
        pairs += [(terms.RDFS + "domain", NamedNode(domain))] if domain else []
        pairs += [
            (terms.RDFS + "range", NamedNode(kind or terms.XSD + "string")),
            (terms.NEV + "historyPattern", NamedNode(pattern)),
            (_PROVISIONAL, _true()),
        ]
        definitions = ("Gives a value that is still to be described.", "给出尚待说明的取值。")
        module = self.value(sibling, _DEFINED_BY)
        self._append(
            file, iri, [*pairs, *_labels_and_definitions(terms.RDFS + "label", code, definitions), (_DEFINED_BY, NamedNode(module))]
        )
        return terms.shorten(iri, self.namespaces), file

    def _shared_types(self, scheme: str) -> list[NamedNode]:
        """Returns the classes that all concepts of a vocabulary share, most general first."""
        members = [pairs for pairs in self._about.values() if (_IN_SCHEME, NamedNode(scheme)) in pairs]
        types = [[value for name, value in pairs if name == _TYPE] for pairs in members]
        first = types[0] if types else [NamedNode(terms.SKOS + "Concept")]
        return [one for one in first if isinstance(one, NamedNode) and all(one in others for others in types)]

    def _label(self, iri: str, language: str) -> str:
        found = (value for name, value in self._about[iri] if name == _LABEL and isinstance(value, Literal) and value.language == language)
        return next((value.value for value in found), iri)

    def _append(self, file: str, iri: str, pairs: Iterable[Pair]) -> None:
        text = self.text(file)
        declared = dict(_PREFIX.findall(text))
        grouped: dict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            grouped[name].append(_turtle_term(value, declared))
        lines = [f"{'a' if name == _TYPE else _short(name, declared)} {' , '.join(values)}" for name, values in grouped.items()]
        self.write(file, f"{text.rstrip()}\n\n{_short(iri, declared)} " + " ;\n    ".join(lines) + " .\n")
        self._file_of.setdefault(iri, file)


def _labels_and_definitions(label: str, code: str, definitions: tuple[str, str]) -> list[Pair]:
    """Returns labels and placeholder definitions. The code is the label until someone writes one in each language."""
    text = code.replace("-", " ").replace("_", " ") if code == code.lower() else code
    pairs: list[Pair] = [(label, Literal(text, language=language)) for language in terms.LANGUAGES]
    return pairs + [(_DEFINITION, Literal(one, language=language)) for one, language in zip(definitions, terms.LANGUAGES, strict=True)]


def _true() -> Literal:
    return Literal("true", datatype=NamedNode(terms.XSD + "boolean"))


def _short(iri: str, declared: Mapping[str, str]) -> str:
    name = terms.shorten(iri, dict(declared))
    return name if name != iri and _LOCAL.match(name.partition(":")[2]) else f"<{iri}>"


def _turtle_term(value: terms.Term, declared: Mapping[str, str]) -> str:
    if isinstance(value, NamedNode):
        return _short(value.value, declared)
    if isinstance(value, Literal) and value.datatype == NamedNode(terms.XSD + "boolean"):
        return value.value
    return str(value)


def replace_files(ontology: Path, changed: Mapping[str, str]) -> None:
    """Writes files of the ontology, each atomically.

    Raises:
        OSError: If a file cannot be written.
    """
    for name, text in sorted(changed.items()):
        path = ontology / name
        draft = path.with_name(f".{path.name}.new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
