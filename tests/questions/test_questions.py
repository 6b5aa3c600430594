"""Questions: golden answers and parameters, on two engines."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.engines import Rows, ask_oxigraph, ask_rdflib, check_golden_answer, find_values, load_in_rdflib, run_file
from tests.support.marks import quick_every, slow_every
from tests.support.worlds import PREFIXES, SHIPPED, World

from nevkg.ask.answer import ask
from nevkg.ask.arguments import ANYTHING, EVERYTHING, read
from nevkg.ask.catalogue import SNAPSHOT, Question, load_catalogue, read_question
from nevkg.ask.evaluation import choose_store, solve
from nevkg.lookup.entities import select
from nevkg.sparql.binding import ANY
from nevkg.store import EmbeddedStore
from nevkg.table.values import find_things

GOLDEN = Path(__file__).parents[1] / "golden"
QUESTIONS = [read_question(path) for path in sorted(SHIPPED.queries.glob("questions/*/*.rq"))]
PARAMETERS = [(question, parameter.name) for question in QUESTIONS for parameter in question.parameters]
# Parameters that select what is counted, not rows; with the number of key columns of a row.
COUNTED = {
    "blocs-compared": (("chinese",), 1),
    "completion-by-year": (("country", "maker"), 1),
    "countries-by-makers": (("chinese",), 1),
    "countries-by-year": (("maker",), 2),
    "makers-by-year": (("bloc", "country"), 2),
    "panel": (("chinese", "maker"), 2),
}
WIDE = " ".join(f"<{PREFIXES['nev']}{name}>" for name in ("Bloc", "WorldRegion"))
# The kinds of values that each role of a column needs.
NEEDED = {
    **dict.fromkeys(("place", "color", "status", "home", "subject", "object"), ("thing",)),
    **dict.fromkeys(("size", "y"), ("integer", "number")),
    **dict.fromkeys(("at", "from", "until"), ("date",)),
}


def assert_engines_agree(store: EmbeddedStore, question: Question, bound: dict[str, list[str]]) -> None:
    assert ask_oxigraph(store, question, bound) == ask_rdflib(store, load_in_rdflib(store), question, bound)


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_engines_agree(question: Question, busy: EmbeddedStore) -> None:
    """Compares the default, and no value of any parameter."""
    assert_engines_agree(busy, question, {})
    assert_engines_agree(busy, question, open_others(question))


@pytest.mark.nightly
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_engines_agree_on_real_data(question: Question, sample: EmbeddedStore) -> None:
    assert_engines_agree(sample, question, {})


@pytest.mark.nightly
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_engines_agree_on_parameters(question: Question, busy: EmbeddedStore) -> None:
    """Compares no value, and one and two values of each parameter."""
    for parameter in question.parameters:
        values = find_effective_values(busy, question, parameter.name)
        for chosen in ([], values[:1], values):
            assert_engines_agree(busy, question, {**open_others(question), parameter.name: chosen})


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_golden_answer(question: Question, sample: EmbeddedStore) -> None:
    check_golden_answer(GOLDEN / f"{question.name}.json", ask_oxigraph(sample, question, {}))


def options(store: EmbeddedStore, question: Question, name: str) -> list[str]:
    """Returns some values of a parameter, in N-Triples."""
    kind = question.parameter(name).type
    if kind == "xsd:date":
        return [f'"{day}"^^<http://www.w3.org/2001/XMLSchema#date>' for day in ("2022-04-01", "2024-03-01", "2025-02-01")]
    if kind == "xsd:string":
        return ['"en"', '"zh"']
    if kind == "xsd:integer":
        return [f'"{number}"^^<http://www.w3.org/2001/XMLSchema#integer>' for number in (3, 12, 24, 2023, 2024)]
    if kind == ANYTHING:
        found = select(
            store,
            """PREFIX nev: <https://w3id.org/nevkg/ontology#> SELECT DISTINCT ?thing WHERE {
              VALUES ?role { nev:subject nev:value nev:property } ?statement nev:source ?source ; ?role ?thing . FILTER(ISIRI(?thing))
            } ORDER BY ?thing""",
        )
        return [str(row["thing"]) for row in found]
    return find_values(store, kind)


def count_less(less: Rows, more: Rows, keys: int) -> bool:
    """Returns whether no count is greater than that of the same row in ``more``."""
    totals = {row[:keys]: row[keys:] for row in more}
    pairs = [pair for row in less for pair in zip(row[keys:], totals[row[:keys]], strict=True)]
    return all(int(one) <= int(other or 0) for one, other in pairs if one and one.isdecimal())


def open_others(question: Question) -> dict[str, list[str]]:
    """Returns no value for each parameter, so that only those that are then set have an effect."""
    return {parameter.name: [] for parameter in question.parameters if parameter.type != "xsd:date"}


def ask_each_value(store: EmbeddedStore, question: Question, name: str) -> dict[str, Rows]:
    """Returns the answer for each value of a parameter; the others are open."""
    return {option: ask_oxigraph(store, question, {**open_others(question), name: [option]}) for option in options(store, question, name)}


def find_effective_values(store: EmbeddedStore, question: Question, name: str) -> list[str]:
    """Returns two values with an answer, or one; a date has one value only."""
    answers = ask_each_value(store, question, name)
    found = [option for option, answer in answers.items() if answer][:2] or list(answers)[:1]
    return found[:1] if question.parameter(name).type == "xsd:date" else found


@pytest.mark.parametrize(("question", "name"), PARAMETERS, ids=lambda part: getattr(part, "name", part))
def test_each_parameter_makes_a_difference(question: Question, name: str, busy: EmbeddedStore) -> None:
    """Compares the default, no value, one value and two values: more values never lose a row or repeat one."""
    counted, keys = COUNTED.get(question.name, ((), 0))

    def contains(more: Rows, less: Rows) -> bool:
        return count_less(less, more, keys) if name in counted else not less - more

    answers = ask_each_value(busy, question, name)
    if question.parameter(name).type == "xsd:date":
        assert len({frozenset(answer.items()) for answer in answers.values()}) > 1, "the day makes no difference"
        return
    open_ = open_others(question)
    open_rows = ask_oxigraph(busy, question, open_)
    default = ask_oxigraph(busy, question, {})
    any_value = ask_oxigraph(busy, question, {name: []})
    assert contains(any_value, default) if name in counted else not set(default) - set(any_value), "any value includes the default"
    assert all(contains(open_rows, answer) for answer in answers.values()), "no value includes each"
    assert any(answers.values()), "no value has rows"
    assert any(answer != open_rows for answer in answers.values()), "the parameter makes no difference"
    chosen = find_effective_values(busy, question, name)
    two = ask_oxigraph(busy, question, {**open_, name: chosen})
    union = Rows()
    for option in chosen:
        union |= answers[option]
    if name in counted:
        assert all(contains(two, answers[option]) for option in chosen), "two values count what each value counts"
    else:
        assert two == union, "two values give the rows of each, once"
    repeated = ask_oxigraph(busy, question, {**open_, name: [*chosen, *chosen]})
    assert set(repeated) == set(two)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_each_question_has_rows_and_explains_each_cell(question: Question, sample: EmbeddedStore) -> None:
    """Each cell of the first row leads to sources, unless it counts none."""
    answer = ask(sample, question)
    assert len(answer)
    if question.over != SNAPSHOT:
        return
    found = answer[0].explain()

    def leads(iri: str) -> bool:
        fact = found.facts.get(iri)
        return iri in found.statements or (fact is not None and any(leads(reason) for reason in (*fact.because, *fact.statements)))

    cells = [cell for cell in found.cells if cell.value not in (None, 0)]
    assert not {cell.column for cell in cells if not cell.facts}
    assert all(leads(fact) for cell in cells for fact in cell.facts)
    assert {source.iri for source in found.sources} >= {statement.source for statement in found.statements.values()}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_each_row_has_sources(question: Question, busy: EmbeddedStore) -> None:
    """Each row leads to sources, unless the question says why none does."""
    answer = ask(busy, question)
    if not answer:  # its default is an entity that the small world lacks
        answer = ask(busy, question, {parameter.name: [EVERYTHING] for parameter in question.parameters if parameter.type != "xsd:date"})
    assert len(answer)
    bare = [row for row in answer if not row.sources()]
    assert bare == (list(answer) if question.unsourced else [])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_the_file_is_runnable_sparql(question: Question, sample: EmbeddedStore) -> None:
    evidence = {column.evidence for column in question.columns if column.evidence}
    for row in run_file(sample, question):
        for name in evidence:
            if (fact := row[name]) is not None:
                iri = getattr(fact, "value", "")
                assert sample.query(f"ASK {{ <{iri}> <{PREFIXES['prov']}wasDerivedFrom>?/<{PREFIXES['nev']}source> ?source }}")


@pytest.mark.parametrize("question", quick_every(4, QUESTIONS), ids=lambda question: question.name)
def test_answers_are_reproducible(question: Question, sample: EmbeddedStore) -> None:
    """Compares the order of rows and the evidence of cells."""
    lists = {column.name for column in question.columns if column.list}

    def ask_once() -> list[dict[str, str | list[str]]]:
        found = select(choose_store(sample, question, {}), question.text)
        names = [variable.value for variable in found.variables]
        texts = [{name: "" if row[name] is None else str(row[name].value) for name in names} for row in found]
        return [{name: sorted(text.split()) if name in lists else text for name, text in row.items()} for row in texts]

    first = ask_once()
    assert all(ask_once() == first for _ in range(4))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_columns_have_the_kinds_that_their_roles_need(question: Question, shipped: EmbeddedStore) -> None:
    answer = ask(shipped, question, question.example)
    assert answer, "the example has rows"
    kinds = {column.name: kind.name for column, kind in zip(answer.columns, answer.kinds, strict=True)}
    roles = {role: question.show[role] for role in NEEDED.keys() & question.show.keys()}
    for role, names in roles.items():
        for name in names if isinstance(names, list) else [names]:
            assert kinds[name] in NEEDED[role], f"{name} is {kinds[name]}, as {role}"


@pytest.mark.parametrize("question", [question for question in QUESTIONS if "place" in question.show], ids=lambda question: question.name)
def test_entities_on_maps_have_positions(question: Question, shipped: EmbeddedStore) -> None:
    with_position = {row["thing"] for row in select(shipped, (SHIPPED.queries / "api" / "places.rq").read_text(encoding="utf-8"))}
    # The world, its regions and blocs have no position.
    wide = {row["thing"] for row in select(shipped, f"SELECT ?thing {{ VALUES ?wide {{ {WIDE} }} ?thing a ?wide }}")}
    things = {row[question.show["place"]] for row in solve(shipped, question, {name: [] for name in question.example})}
    assert things & with_position
    assert things - with_position - wide <= {None}


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_parameter_accepts_what_its_column_shows(question: Question, shipped: EmbeddedStore) -> None:
    answer = ask(shipped, question)
    for parameter in question.parameters:
        columns = (column.name for column in question.columns if column.name in (parameter.name, f"{parameter.name}s"))
        for column in columns:
            shown = {thing.iri for record in answer for thing in find_things(record[column])}
            assert read(shipped, question, {parameter.name: sorted(shown)})[parameter.name] == [f"<{iri}>" for iri in sorted(shown)]


@pytest.mark.slow
@pytest.mark.parametrize("name", slow_every(4, [question.name for question in QUESTIONS]))
def test_the_example_that_the_command_line_shows_has_an_answer(nevkg: Nevkg, name: str) -> None:
    example = re.search(r"^Example\n  nevkg (.*)$", nevkg("questions", name).out, re.MULTILINE)
    assert example
    assert nevkg(*shlex.split(example[1]), "--format", "csv").out.count("\n") > 1


@pytest.mark.parametrize("question", [question for question in QUESTIONS if "until" in question.show], ids=lambda question: question.name)
def test_spells_are_distinct_and_end_after_they_begin(question: Question, shipped: EmbeddedStore) -> None:
    names = [column.name for column in question.columns]
    begin, end = question.show["from"], question.show["until"]
    found = list(select(shipped, question.text))
    assert len({tuple(row[name] for name in names) for row in found}) == len(found)
    assert all(row[begin] is not None and (row[end] is None or row[begin].value < row[end].value) for row in found)


def test_a_shared_plant_has_the_history_of_each_production(world: World) -> None:
    """A period that becomes stale before it ends is two rows."""
    world.plant("agent:a agent:b", "plant:p")
    world.plant("agent:c", "plant:q")
    world.fact("plant:p", "status", "status:announced", "2020-02-01")
    world.fact("production:a-at-p", "status", "status:operating", "2022-01-01")
    world.fact("plant:q", "status", "status:under-construction", "2021-01-01")
    world.fact("plant:q", "status", "status:operating", "2023-01-01")
    world.figure("capacity", "50", "vehicles-per-year", "2020-05-01", subject="plant:q", modality="modality:planned")
    world.figure("capacity", "70", "vehicles-per-year", "2023-05-01", subject="plant:q")
    question = load_catalogue(SHIPPED)["plants-over-time"]
    columns = ("maker", "status", "from", "until", "capacity", "standing")
    found = {
        tuple((row[name].value if row[name] else "").rpartition("/")[2] for name in columns)
        for row in select(world.build().store, question.text)
    }
    assert found == {
        ("a", "operating", "2022-01-01", "2024-01-01", "", "reported"),
        ("a", "operating", "2024-01-01", "", "", "stale"),
        ("b", "announced", "2020-02-01", "2022-02-01", "", "reported"),
        ("b", "announced", "2022-02-01", "", "", "stale"),
        ("c", "under-construction", "2021-01-01", "2023-01-01", "50", "reported"),
        ("c", "operating", "2023-01-01", "2025-01-01", "70", "reported"),
        ("c", "operating", "2025-01-01", "", "70", "stale"),
    }


def test_a_maker_has_the_same_standing_on_the_map_as_in_the_answer(world: World) -> None:
    """Of two pages, only one names the maker of a contract assembler's plant."""
    world.plant()
    world.fact("plant:p", "operator", "agent:c", "2025-01-01")
    world.fact("agent:a", "homeCountry", "place:XB")
    world.source("t", "2025-02-01")
    for source in ("s", "t"):
        world.fact("plant:p", "status", "status:operating", "2025-01-01", source=source)
    store = world.build(current=True).store
    found = [
        ask(store, load_catalogue(SHIPPED)[name], {"chinese": ["*"]} if name == "local-manufacturers" else {})
        for name in ("plants-over-time", "local-manufacturers")
    ]
    assert [[str(row["standing"]) for row in answer] for answer in found] == [["reported"], ["reported"]]


def test_featured_questions_and_views() -> None:
    featured = [question for question in QUESTIONS if "featured" in question.show]
    places = sorted(question.show["featured"] for question in featured)
    assert places == list(range(1, len(featured) + 1))
    assert 6 <= len(featured) <= 8
    assert {question.view for question in QUESTIONS if question.show.get("page")} == {"map", "timeline"}
    assert all(question.show for question in QUESTIONS if question.view != "table")


def test_binding_changes_only_values_clauses() -> None:
    question = QUESTIONS[0]
    assert question.bind({}) == question.text
    text = question.bind({parameter.name: [] for parameter in question.parameters})
    changed = [line for line, was in zip(text.splitlines(), question.text.splitlines(), strict=True) if line != was]
    assert all(line.strip().startswith("VALUES ?") and ANY in line for line in changed)
