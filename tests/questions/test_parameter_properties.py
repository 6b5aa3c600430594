"""Any text given as a parameter value becomes a term of its type or an error message, never part of the query."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyoxigraph import Literal, RdfFormat, parse

from nevkg.ask import arguments
from nevkg.ask.catalogue import Parameter, load_catalogue
from nevkg.errors import WrongUsage
from nevkg.sparql import syntax
from nevkg.store import EmbeddedStore

TEXTS = some.one_of(
    some.text(some.characters(exclude_categories=["Cs"]), max_size=30),
    some.text("<>{}\"'\\.;?$#@^:/ \n*0-9eEinfNa", max_size=30),
    some.sampled_from(["} UNION { ?s ?p ?o", '"} #', "<urn:x> } SERVICE <http://x/> {", "UNDEF", "2025-02-30", "1e999", "٣", "NaN"]),
)
TYPES = ["any", "nev:Maker", "nev:Country", "voc:plant-statuses", "xsd:date", "xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:string"]

properties = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


@properties
@given(text=TEXTS, kind=some.sampled_from(TYPES))
def test_a_value_becomes_a_term_or_an_error(shipped: EmbeddedStore, text: str, kind: str) -> None:
    message = ""
    try:
        term = arguments.term(shipped, Parameter("x", kind, {}, ""), text)
    except WrongUsage as error:
        message = str(error)
    if message:
        assert message.startswith("x: ")
        assert message.endswith((".", "?"))
        return
    (read,) = parse(f"<urn:s> <urn:p> {term} .", RdfFormat.N_TRIPLES)
    assert isinstance(read.object, Literal) == kind.startswith("xsd:")
    if isinstance(read.object, Literal):
        assert read.object.datatype.value.endswith("#" + kind.removeprefix("xsd:"))


@properties
@given(text=TEXTS, name=some.sampled_from(["local-manufacturers", "what-is-due", "statements-by-modality"]))
def test_a_value_never_becomes_part_of_the_query(shipped: EmbeddedStore, text: str, name: str) -> None:
    question = load_catalogue(shipped.layout)[name]
    for parameter in question.parameters:
        with suppress(WrongUsage):
            term = arguments.term(shipped, parameter, text)
            bound = question.bind({parameter.name: [term]})
            reference = question.bind({parameter.name: ["<urn:x>"]})
            # The value is one token: keywords and braces are the same as with another value.
            tokens = [token.text for token in syntax.tokenize(bound) if token.text != term]
            assert [token.text for token in syntax.tokenize(reference)].count("<urn:x>") >= 1
            outside = [token for token in tokens if token in ("{", "}", "SERVICE", "UNION", "FILTER", "SELECT")]
            assert outside == [
                token.text for token in syntax.tokenize(reference) if token.text in ("{", "}", "SERVICE", "UNION", "FILTER", "SELECT")
            ]


@properties
@given(day=some.dates())
def test_only_iso_dates_are_accepted(shipped: EmbeddedStore, day: date) -> None:
    assert arguments.term(shipped, Parameter("x", "xsd:date", {}, ""), day.isoformat()).startswith(f'"{day.isoformat()}"')
    for other in (day.strftime("%d.%m.%Y"), day.isoformat().replace("-", ""), day.isoformat() + "T00:00"):
        with pytest.raises(WrongUsage):
            arguments.term(shipped, Parameter("x", "xsd:date", {}, ""), other)


@properties
@given(number=some.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_numbers_keep_their_value(shipped: EmbeddedStore, number: Decimal) -> None:
    with suppress(WrongUsage):  # more than 40 digits
        (read,) = parse(
            f"<urn:s> <urn:p> {arguments.term(shipped, Parameter('x', 'xsd:decimal', {}, ''), str(number))} .", RdfFormat.N_TRIPLES
        )
        assert Decimal(read.object.value) == number
        assert "E" not in read.object.value.upper()


@properties
@given(
    parameters=some.dictionaries(
        some.sampled_from(["a", "b", "from_"]), some.none() | some.booleans() | some.integers() | some.text(max_size=5)
    )
)
def test_python_values_are_formatted_like_typed_values(parameters: dict[str, object]) -> None:
    words = arguments.format_values(parameters)
    assert set(words) == {name.rstrip("_") for name in parameters}
    for name, value in parameters.items():
        assert words[name.rstrip("_")] == [
            {None: "*", True: "true", False: "false"}.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)
        ]
