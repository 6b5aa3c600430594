"""Adds missing terms that a contribution uses to the ontology: concepts, metrics, properties, and rows of ``mapping.csv``.

They are added to the files as text, so that the existing text keeps its formatting.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from nevkg.contribute.cells import local_name, read_date, read_number, slug
from nevkg.contribute.reader import UnknownCode
from nevkg.contribute.registry import Registry, SchemaIndex
from nevkg.contribute.sheets import Row
from nevkg.contribute.table_format import MappingRule, TableFormat
from nevkg.data import dataset, terms
from nevkg.data.atomic import replace_file
from nevkg.data.paths import Layout, walk
from nevkg.data.tables import write_rows

_TYPE = terms.RDF + "type"
_IN_SCHEME = terms.SKOS + "inScheme"
_LABEL, _DEFINITION, _NOTATION = (terms.SKOS + name for name in ("prefLabel", "definition", "notation"))
_DEFINED_BY = terms.RDFS + "isDefinedBy"
_PROTOTYPE, _PROVISIONAL = terms.NEV + "prototype", terms.NEV + "isProvisional"
_NAMESPACE = "http://purl.org/vocab/vann/preferredNamespaceUri"
_PREFIX = re.compile(r"^@prefix ([\w-]+): <([^>]*)> \.", re.MULTILINE)
_LOCAL = re.compile(r"[A-Za-z0-9][\w-]*\Z")
# Properties of a prototype that new concepts do not copy, because they distinguish the prototype from other concepts.
_OWN = (_TYPE, _IN_SCHEME, _LABEL, _DEFINITION, _NOTATION, _DEFINED_BY, _PROTOTYPE)


class TermFiles:
    """The vocabularies, modules and tables of an ontology, with additions: ``changed`` maps relative paths to new text.

    Nothing is written to disk; see :func:`replace_files`.
    """

    def __init__(self, layout: Layout, namespaces: Mapping[str, str]) -> None:
        self.ontology, self.namespaces = layout.ontology, dict(namespaces)
        self.changed: dict[str, str] = {}
        self._file_of: dict[str, str] = {}
        self._about: dict[str, list[terms.Pair]] = defaultdict(list)
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
        return next((terms.text(value) for own, value in self._about.get(iri, ()) if own == name), "")

    def prototype(self, iri: str) -> str:
        """Returns the concept that a vocabulary or a unit names as the model for new ones, or an empty string."""
        return self.value(iri, _PROTOTYPE)

    def text(self, name: str) -> str:
        """Returns the text of a file, with changes so far."""
        return self.changed.get(name) or (self.ontology / name).read_text(encoding="utf-8")

    def concept(self, scheme: str, local: str, code: str, like: str, more: Mapping[str, terms.Term]) -> tuple[str, str]:
        """Adds a concept to a vocabulary. Returns its prefixed name and the file.

        Args:
            code: the code, as written in the tables.
            like: IRI of the prototype; empty for that of the vocabulary.
            more: properties that override those of the prototype.
        """
        file = self._file_of[scheme]
        iri = self.value(scheme, _NAMESPACE) + local
        pairs: list[terms.Pair] = [(_TYPE, kind) for kind in self._shared_types(scheme)]
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
            code: the attribute, as written in the tables; used as label.
            sibling: IRI of a property in the same module.
            kind: IRI of the range; empty for strings.
            pattern: IRI of the history pattern: how successive values relate.
        """
        file = self._file_of[sibling]
        pairs: list[terms.Pair] = [(_TYPE, NamedNode(terms.OWL + ("ObjectProperty" if kind else "DatatypeProperty")))]
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
        return [kind for kind in first if isinstance(kind, NamedNode) and all(kind in others for others in types)]

    def _label(self, iri: str, language: str) -> str:
        found = (value for name, value in self._about[iri] if name == _LABEL and isinstance(value, Literal) and value.language == language)
        return next((value.value for value in found), iri)

    def _append(self, file: str, iri: str, pairs: Iterable[terms.Pair]) -> None:
        text = self.text(file)
        declared = dict(_PREFIX.findall(text))
        grouped: dict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            grouped[name].append(_turtle_term(value, declared))
        lines = [f"{'a' if name == _TYPE else _short(name, declared)} {' , '.join(values)}" for name, values in grouped.items()]
        self.changed[file] = f"{text.rstrip()}\n\n{_short(iri, declared)} " + " ;\n    ".join(lines) + " .\n"
        self._file_of.setdefault(iri, file)


def _labels_and_definitions(label: str, code: str, definitions: tuple[str, str]) -> list[terms.Pair]:
    """Returns labels and placeholder definitions. The code is the label until someone writes one in each language."""
    text = code.replace("-", " ").replace("_", " ") if code == code.lower() else code
    pairs: list[terms.Pair] = [(label, Literal(text, language=language)) for language in terms.LANGUAGES]
    return pairs + [
        (_DEFINITION, Literal(definition, language=language)) for definition, language in zip(definitions, terms.LANGUAGES, strict=True)
    ]


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
    """Writes files of the ontology, each atomically."""
    for name, text in sorted(changed.items()):
        replace_file(ontology / name, text.encode())


_METRIC, _UNIT, _MODALITY, _STANDARD_UNIT = (terms.NEV + name for name in ("metric", "unit", "modality", "standardUnit"))
_PATTERN = terms.NEV + "historyPattern"
_MAPPING = "tables/mapping.csv"


@dataclass(frozen=True, order=True)
class NewTerm:
    """A term that was added.

    Attributes:
        name: its prefixed name, or ``table.column=code`` for an attribute.
        file: the file that describes it, relative to the ontology.
        like: a sentence with similar known names, as the new one may be a misspelling.
    """

    name: str
    file: str
    like: str = ""


@dataclass
class TermAdder:
    """Adds terms to a copy of the ontology.

    Attributes:
        layout: the folders, with the copy of the ontology.
        changed: file, relative to the ontology, to its new text.
    """

    layout: Layout
    tables: Mapping[str, TableFormat]
    schema: SchemaIndex
    registry: Registry
    rows: Sequence[Row]
    added: list[NewTerm] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Reads the files that terms are added to."""
        self.files = TermFiles(self.layout, self.registry.namespaces)
        self.changed = self.files.changed
        self._properties: set[str] = set()
        self._made: dict[str, dict[str, str]] = defaultdict(dict)

    def add(self, unknown: Collection[UnknownCode]) -> None:
        """Adds the codes of vocabularies, or the attributes if there are no such codes."""
        concepts = sorted(term for term in unknown if term.scheme)
        for term in concepts:
            self._concept(term.scheme, term.code)
        # An attribute is interpreted by its units, so these are added in an earlier pass.
        for term in () if concepts else sorted(unknown):
            self._attribute(term)

    def _concept(self, scheme: str, code: str, like: str = "", **more: NamedNode) -> str:
        """Adds a concept unless the vocabulary has it. Returns its IRI."""
        known = self.schema.codes(scheme) | self._made[scheme]
        local = local_name(code)
        if local in known:
            return known[local]
        name, file = self.files.concept(scheme, local, code, like, {terms.NEV + key: value for key, value in more.items()})
        self.added.append(NewTerm(name, file, terms.suggest(code, list(known)).strip()))
        self._made[scheme][local] = terms.expand(name, self.registry.namespaces) or name
        return self._made[scheme][local]

    def _attribute(self, new: UnknownCode) -> None:
        table = self.tables[new.table]
        siblings = [rule for rule in table.rules if rule.makes == "statement" and rule.column == new.column and rule.when == (new.by,)]
        rows = [row for row in self.rows if row.table == new.table and row.cells[new.by] == new.code]
        values = [row.cells[new.column] for row in rows if row.cells[new.column]]
        base, modality = self._meant(new.code)
        with_units = any(map(self._unit_of, rows))
        # Values with units are numbers, even if some cells cannot be read as such; years without units are dates.
        are_years = all(_can_read(read_date, value) and value.startswith(("19", "20")) for value in values)
        if with_units or (values and all(_can_read(read_number, value) for value in values) and not are_years):
            name, kind, unit = self._metric(base, rows)
        else:
            name, kind, unit = self._property(base, table, siblings, values)
        spaces = self.registry.namespaces
        cells = (new.table, new.column, new.by, new.code, "statement", kind, name, "", terms.shorten(modality, spaces), unit, "", "")
        self._map(cells)
        similar = terms.suggest(new.code, table.codes(new.by)).strip()
        self.added.append(NewTerm(f"{new.table}.{new.by}={new.code}", _MAPPING, similar))

    def _meant(self, code: str) -> tuple[str, str]:
        """Splits an attribute into its base and its modality: ``planned-capacity`` is ``capacity`` with the modality planned."""
        for word, modality in self.schema.codes(self.schema.scheme(_MODALITY)).items():
            for base in (code.removeprefix(f"{word}-"), code.removesuffix(f"-{word}")):
                if base != code:
                    return base, modality
        return code, ""

    def _unit_of(self, row: Row) -> str:
        """Returns the IRI of the unit in a row, the cell if the unit is unknown, or an empty string."""
        rules = self.tables[row.table].rules_for("detail", row.cells)
        cell = next((row.cells[rule.column] for rule in rules if rule.properties[0][0] == _UNIT), "")
        return self.schema.codes(self.schema.scheme(_UNIT)).get(cell, cell)

    def _metric(self, code: str, rows: Iterable[Row]) -> tuple[str, str, str]:
        """Returns the metric of a numeric attribute, the class of its statements, and its unit."""
        spaces, scheme = self.registry.namespaces, self.schema.scheme(_METRIC)
        units = Counter(filter(None, map(self._unit_of, rows)))
        unit = next(iter(units)) if len(units) == 1 else ""
        if not units:
            unit = self.files.value(self.files.prototype(scheme), _STANDARD_UNIT)
        like = self.files.prototype(unit) if unit else ""
        metric = self._concept(scheme, code, like, **({"standardUnit": NamedNode(unit)} if unit else {}))
        rule = next(rule for table in self.tables.values() for rule in table.rules if self.schema.is_metric(_first(rule)))
        return terms.shorten(metric, spaces), terms.shorten(rule.kind, spaces), terms.shorten(unit, spaces)

    def _property(self, code: str, table: TableFormat, siblings: Sequence[MappingRule], values: Sequence[str]) -> tuple[str, str, str]:
        """Returns the property of an attribute whose values are text or entities, the class of its statements, and no unit."""
        spaces = self.registry.namespaces
        others = [rule for rule in siblings if not self.schema.is_metric(_first(rule))]
        sibling = next((rule for rule in others), siblings[0])
        local = re.sub(r"-(\w)", lambda match: match[1].upper(), slug(code))
        iri = terms.NEV + local
        if not self.schema.range(iri) and iri not in self._properties:
            kind = self._class_of(values)
            domain = self._domain(table, others)
            pattern = self.schema.codes(self.schema.scheme(_PATTERN))["cumulative"]
            name, file = self.files.property(iri, code, _first(sibling), kind, domain, pattern)
            self.added.append(NewTerm(name, file))
            self._properties.add(iri)
        return terms.shorten(iri, spaces), terms.shorten(sibling.kind, spaces), ""

    def _class_of(self, values: Sequence[str]) -> str:
        """Returns the narrowest class in which each value names an entity, or an empty string if the values are text."""
        direct = Counter(kind for entity in self.registry.entities.values() for kind in entity.kinds)
        kinds: Counter[str] = Counter()
        for own, number in direct.items():
            kinds.update(dict.fromkeys(self.schema.superclasses(own), number))
        for kind, _ in sorted(kinds.items(), key=lambda item: (item[1], item[0] not in direct, item[0])):
            if values and all(self.registry.find_all(value, kind) for value in values):
                return kind
        return ""

    def _domain(self, table: TableFormat, siblings: Iterable[MappingRule]) -> str:
        """Returns the domain for a new property: the most frequent domain of its siblings that all subjects of the table belong to."""
        subjects = {rule.kind for rule in table.rules if rule.makes == "subject"}
        found = Counter(filter(None, (self.schema.domain(_first(rule)) for rule in siblings)))
        return next((kind for kind, _ in found.most_common() if all(kind in self.schema.superclasses(subject) for subject in subjects)), "")

    def _map(self, cells: Sequence[str]) -> None:
        """Adds a row to ``mapping.csv``, in order among the rows of the same table, column and condition."""
        lines = self.files.text(_MAPPING).splitlines(keepends=True)
        similar = [number for number, line in enumerate(lines) if next(csv.reader([line]))[:3] == list(cells[:3])]
        smaller = [number for number in similar if next(csv.reader([lines[number]]))[3] < cells[3]]
        lines.insert((smaller or [similar[0] - 1])[-1] + 1, write_rows([cells]).decode())
        self.changed[_MAPPING] = "".join(lines)


def _first(rule: MappingRule) -> str:
    return rule.properties[0][0] if rule.properties else ""


def _can_read(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True
