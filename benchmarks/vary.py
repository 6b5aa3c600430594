"""Generates a block of data as a variant of the shipped one: other names, days, numbers, places and words, the same structure.

A block applies one substitution to the shipped data, so relations between facts are preserved:

- entities have new IRIs and new names, made by a substitution of letters, so that the name of a maker
  still occurs in the names of its plants; IRIs of statements are computed from their content, as always;
- days are shifted within their months, and all by the same number of years; equal days stay equal, earlier ones earlier;
- figures of an entity are scaled by one factor, never beyond the greatest of their metric and unit, so that
  sources that agree still agree, and those that disagree still disagree;
- countries are exchanged with ones that are mentioned about as often, and so are cities within their country;
- notes and titles use the same substitution of letters, so that no word has a meaning that a check would detect; only the words with
  which a correction begins stay.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from random import Random

from benchmarks import tables
from benchmarks.parts import HOST_NAME, PLACE, PRODUCTION, REGISTRY, Part, Shipped, kind_of, slug_of
from benchmarks.stock import DATE, DAYS_IN_NAMES, NAMES, NUMBER, OUR_DAYS, Stock, figure_key
from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.edits import CORRECTED
from nevkg.data import terms
from nevkg.data.statement_ids import statement_iri

_SOURCE = terms.NEV + "source"
_TYPE = terms.RDF + "type"
_IDENTIFIER = terms.DCTERMS + "identifier"
_ADDRESS = terms.NEV + "address"
_DIGEST = terms.NEV + "quoteDigest"
_YEARS = {"", terms.BASE + "unit/model-year"}  # numbers without a unit are years too
_IN_ADDRESSES = re.compile(r"(%[0-9A-Fa-f]{2})|[A-Za-z]+")
_MOST = 0.3  # natural logarithm of the maximum factor of a figure
_YEARS_BACK = (0, 0, 1)  # choices for the shift in years; more would change the age of the data


class Block:
    """Block ``number`` of the data for a seed. Block 0 is the shipped data."""

    def __init__(self, shipped: Shipped, stock: Stock, seed: int, number: int) -> None:
        self._shipped = shipped
        self._stock = stock
        self._number = number
        self._seed = f"{seed}/{number}"
        self._places = tables.substitute_places(stock, self._make_random("places"))
        self._iris = dict(self._places)
        self._nodes: dict[str, NamedNode] = {}
        self._factors: dict[tuple[str, str, str], float] = {}
        self._letters = tables.substitute_letters(stock, self._make_random("letters"))
        self._years = self._make_random("years").choice(_YEARS_BACK)
        self._days = tables.shift_days(stock, self._make_random("days"), self._years)

    def _make_random(self, *of: str) -> Random:
        return Random("/".join((self._seed, *of)))

    def vary(self, part: Part) -> Part:
        """Returns the part with the substitution of this block applied."""
        registry = [self._vary_quad(quad, REGISTRY) for quad in part.registry]
        sources = {}
        for slug, quads in part.sources.items():
            new = slug_of(self._vary_iri(terms.SOURCE + slug))
            graph = NamedNode(terms.graph(new))
            sources[new] = [self._vary_quad(quad, graph) for quad in quads]
        return Part(registry, sources)

    def _vary_quad(self, quad: Quad, graph: NamedNode) -> Quad:
        subject = terms.text(quad.subject)
        return Quad(self._vary_node(subject), quad.predicate, self._vary_object(subject, quad), graph)

    def _vary_node(self, iri: str) -> NamedNode:
        node = self._nodes.get(iri)
        if node is None:
            node = self._nodes[iri] = NamedNode(self._vary_iri(iri))
        return node

    def _vary_iri(self, iri: str) -> str:
        """Returns the new IRI of an entity, or the same for one that does not grow."""
        new = self._iris.get(iri)
        if new is None:
            new = self._iris[iri] = self._derive_iri(kind_of(iri), iri) if self._shipped.grows(iri) else iri
        return new

    def _derive_iri(self, kind: str, iri: str) -> str:
        slug = slug_of(iri)
        if kind == "statement":
            return self._derive_statement(self._shipped.by_subject[iri])
        if kind == "production":
            return self._derive_production(iri, slug)
        if kind == "passage":
            source, _, stretch = slug.partition("/")
            return f"{terms.BASE}passage/{slug_of(self._vary_iri(terms.SOURCE + source))}/{stretch}"
        begin = "s-" if kind == "source" else ""
        return f"{terms.BASE}{kind}/{begin}{self._substitute(slug.removeprefix(begin))}-x{self._number}"

    def _derive_production(self, iri: str, slug: str) -> str:
        """Returns the IRI of a production, made from its maker and its plant or country, as in the rules."""
        for match in re.finditer("-(at|in)-", slug):
            maker, where = terms.BASE + "agent/" + slug[: match.start()], slug[match.end() :]
            place = f"{terms.BASE}plant/{where}" if match[1] == "at" else PLACE + where.upper()
            if maker in self._shipped.entities and (place in self._shipped.entities or place in self._places):
                return f"{PRODUCTION}{slug_of(self._vary_iri(maker))}{match.group()}{slug_of(self._vary_iri(place)).lower()}"
        raise ValueError(f"{iri} is of no known maker and place.")

    def _derive_statement(self, quads: Sequence[Quad]) -> str:
        facts = {quad.predicate.value: terms.text(quad.object) for quad in quads}
        naming = [quad for quad in quads if quad.predicate.value in self._shipped.identifying or quad.predicate.value == _IDENTIFIER]
        pairs = [(quad.predicate.value, self._vary_object(terms.text(quad.subject), quad)) for quad in naming]
        return statement_iri(self._vary_iri(facts[_SOURCE]), facts[_TYPE], pairs)

    def _vary_object(self, subject: str, quad: Quad) -> NamedNode | Literal:
        value, name = quad.object, quad.predicate.value
        if isinstance(value, NamedNode):
            return NamedNode(self._vary_address(value.value)) if name == _ADDRESS else self._vary_node(value.value)
        assert isinstance(value, Literal)
        if value.language is not None:
            number = f" {self._number}" if name in NAMES else ""
            return Literal(self._substitute(value.value) + number, language=value.language)
        if quad.predicate == HOST_NAME:
            return Literal(self._vary_host(value.value))
        if value.datatype.value == DATE and name not in OUR_DAYS:
            return Literal(self._days[value.value], datatype=value.datatype)
        if name == NUMBER:
            return self._vary_figure(self._shipped.by_subject[subject], value)
        if name == _DIGEST:
            return Literal(hashlib.sha256(self._vary_iri(subject).encode()).hexdigest())
        return value

    def _substitute(self, name: str) -> str:
        """Returns a name with letters substituted and dates shifted."""
        moved = DAYS_IN_NAMES.sub(lambda match: self._days.get(match.group(), f"{int(match[1]) - self._years}{match[2] or ''}"), name)
        # By these words checks tell what a correction says of the old values from what a page says.
        return CORRECTED.join(part.translate(self._letters) for part in moved.split(CORRECTED))

    def _vary_address(self, address: str) -> str:
        """Returns an address of about the same length on a host that does not exist."""
        scheme, _, rest = address.partition("://")
        host, slash, path = rest.partition("/")
        path = _IN_ADDRESSES.sub(lambda match: match.group() if match[1] else match.group().translate(self._letters), path)
        return f"{scheme}://{self._vary_host(host)}{slash}{path}"

    def _vary_host(self, host: str) -> str:
        """Returns a host that does not exist. ``www.`` is preserved, because judgements on hosts omit it."""
        rest = host.partition(":")[0].removeprefix("www.")
        return f"{'www.' * (rest != host.partition(':')[0])}{rest.rstrip('.').translate(self._letters)}.example"

    def _vary_figure(self, quads: Sequence[Quad], value: Literal) -> Literal:
        facts = {quad.predicate.value: terms.text(quad.object) for quad in quads}
        key = figure_key(facts)
        if key[2] in _YEARS:
            return Literal(str(int(value.value) - self._years), datatype=value.datatype)
        if key not in self._factors:
            of_metric, of_entity = self._stock.maxima
            drawn = math.exp(self._make_random("figures", *key).uniform(-_MOST, _MOST))
            self._factors[key] = 1 / drawn if drawn * of_entity[key] > of_metric[key[1:]] else drawn
        return Literal(_format_like(value.value, float(value.value) * self._factors[key]), datatype=value.datatype)


def _format_like(written: str, number: float) -> str:
    """Formats a number with the precision of another one, but with at least two digits."""
    whole, _, fraction = written.partition(".")
    digits = len((whole + fraction).strip("-0") if fraction else whole.lstrip("-").rstrip("0"))
    if number == 0:
        return written
    decimals = max(digits, 2) - 1 - math.floor(math.log10(abs(number)))
    return f"{round(number, min(decimals, len(fraction))):.{len(fraction)}f}"
