"""Exports the catalogue of questions as RDF: ``sh:SPARQLExecutable``, as in other collections of SPARQL examples."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from nevkg.ask.catalogue import Question
from nevkg.data import terms

_SH = "http://www.w3.org/ns/shacl#"
_SCHEMA = "https://schema.org/"
_PARAMETERS = f"{terms.BASE}question/"


def as_rdf(questions: Iterable[Question]) -> list[Triple]:
    """Returns the name, title, description, tags, keywords, query and parameters of each question."""
    triples: list[Triple] = []
    for question in questions:
        node = NamedNode(_PARAMETERS + question.name)
        facts: list[tuple[str, terms.Term]] = [
            (terms.RDF + "type", NamedNode(_SH + "SPARQLExecutable")),
            (terms.RDF + "type", NamedNode(_SH + "SPARQLSelectExecutable")),
            (terms.DCTERMS + "identifier", Literal(question.name)),
            (_SH + "select", Literal(question.text)),
            *((terms.RDFS + "label", Literal(words, language=language)) for language, words in question.title.items()),
            *((terms.RDFS + "comment", Literal(words.strip(), language=language)) for language, words in question.description.items()),
            *((_SCHEMA + "keywords", Literal(tag)) for tag in question.tags),
            *((_SCHEMA + "keywords", Literal(word, language=language)) for language, among in question.keywords.items() for word in among),
        ]
        for parameter in question.parameters:
            place = NamedNode(f"{node.value}/{parameter.name}")
            facts.append((_SH + "parameter", place))
            triples.append(Triple(place, NamedNode(_SH + "name"), Literal(parameter.name)))
            triples.append(Triple(place, NamedNode(_SH + "optional"), Literal(True)))
            triples += [
                Triple(place, NamedNode(_SH + "description"), Literal(words, language=language))
                for language, words in parameter.label.items()
            ]
        triples += [Triple(node, NamedNode(name), value) for name, value in facts]
    return triples
