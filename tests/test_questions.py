"""Each question: its golden answer, and each of its parameters, on two engines."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import rdflib
from tests.engines import Rows, ask_oxigraph, ask_rdflib, in_rdflib
from tests.worlds import PREFIXES, SHIPPED, World, day

from nevkg.arguments import ANYTHING
from nevkg.entities import select
from nevkg.errors import WrongUsage
from nevkg.questions import ANY, Question, load_catalogue, read_question
from nevkg.store import EmbeddedStore

GOLDEN = Path(__file__).parent / "golden"
QUESTIONS = [read_question(path) for path in sorted(SHIPPED.queries.glob("questions/*/*.rq"))]
PARAMETERS = [(question, parameter.name) for question in QUESTIONS for parameter in question.parameters]
ENGINES = ("oxigraph", "rdflib")


def busy(folder: Path) -> EmbeddedStore:
    """A world in which every parameter of the shipped questions makes a difference."""
    world = World(folder)
    for maker, home in (("a", "XB"), ("b", "XB"), ("c", "XA")):
        world.fact(f"agent:{maker}", "homeCountry", f"place:{home}")
    world.plant("agent:a agent:b", "plant:p", "place:XA")
    world.plant("agent:c", "plant:q", "place:XB")
    world.registry += "plant:r a nev:Plant ; rdfs:label 'Plant R'@en .\n"
    world.plant("agent:a", "plant:r", "place:XA-1")
    for bloc in ("u", "v"):
        world.says("s", "Attribution", "1990-01-01", subject="place:XA", property="nev:memberOf", value=f"place:{bloc}")
    world.says("s", "Attribution", "2024-07-01", subject="place:XB", property="nev:memberOf", value="place:v")
    world.event("first-vehicle", "2022-03", makers="agent:a")
    world.fact("plant:q", "status", "status:operating", "2023-01-01")
    world.fact("plant:r", "status", "status:suspended", "2023-06-01", source="t")
    world.fact("production:b-at-p", "status", "status:operating", "2024-02-02", source="t")
    for unit, mode in (("production:a-at-p", "ckd"), ("production:a-at-p", "skd"), ("plant:q", "ckd"), ("plant:r", "skd")):
        world.fact(unit, "assemblyMode", f"assembly:{mode}", "2022-01-01")
    world.fact("production:a-at-p", "arrangement", "arrangement:joint-venture", "2022-01-01")
    world.fact("agent:b", "assemblesIn", "place:XB", "2024-05-05")
    for plant, kind in (("p", "welding"), ("p", "painting"), ("q", "welding")):
        world.fact(f"plant:{plant}", "hasWorkshopOfKind", f"workshopkind:{kind}", "2024-01-01")
    world.registry += "".join(f"agent:{name} a nev:Person ; rdfs:label '{name}'@en .\n" for name in ("x", "y"))
    claims = (
        ("c1", "2024-01-01", {"claimant": "agent:x", "claimantOrganization": "agent:a", "topic": "topic:cost, topic:tariffs"}),
        ("c2", "2025-01-01", {"claimant": "agent:y", "claimantOrganization": "agent:b", "topic": "topic:cost"}),
        (
            "c3",
            "2025-06-01",
            {"claimantAsNamed": '"analysts"@en, "分析人士"@zh', "driver": "driver:policy-support, driver:industrial-system"},
        ),
        ("c4", None, {"claimant": "agent:x", "driver": "driver:policy-support"}),
    )
    for name, on, about in claims:
        world.says(
            "s", "Claim", on, subject="agent:a", paraphrase=f'"claim {name}"@en, "主张{name}"@zh', **about, **{"note": f'"{name}"@en'}
        )
    world.fact("agent:x", "worksFor", "agent:a", roleTitle='"director"@en')
    world.registry += "".join(f"model:{name} a nev:VehicleModel ; rdfs:label '{name}'@en .\n" for name in ("m", "n"))
    world.event("first-delivery", "2024-06", plant="plant:q", makers="agent:c", model="model:m, model:n")
    world.event("inauguration", "2025-03", plant="plant:r", makers="agent:a, agent:b", source="t", modality="modality:planned")
    world.says("t", "EventReport", None, event="event:entry", eventType="eventtype:market-entry", participant="agent:b")
    world.registry += "policy:k a nev:Policy .\npolicy:l a nev:Policy .\nagent:w a nev:Industry ; rdfs:label 'W'@en .\n"
    for policy, name, value, on in (
        ("k", "policyKind", "policykind:subsidy", "2022-01-01"),
        ("l", "policyKind", "policykind:subsidy, policykind:other", "2022-01-01"),
        ("k", "issuer", "agent:a", "2022-01-01"),
        ("l", "jurisdiction", "place:XA, place:XB", "2024-01-01"),
        ("k", "policyStatus", "policystatus:in-force", "2024-01-01"),
        ("k", "policyStatus", "policystatus:expired", "2025-01-01"),
        ("l", "appliesToOrigin", "place:XB", "2024-01-01"),
        ("k", "hasMeasure", "policymeasure:financial-support", "2024-01-01"),
        ("l", "hasMeasure", "policymeasure:financial-support", "2023-01-01"),
        ("l", "hasMeasure", "policymeasure:risk-prevention", "2025-01-01"),
    ):
        for one in value.split(", "):
            world.fact(f"policy:{policy}", name, one, on)
    world.figure("duty-rate", "17", "percent", "2024-10-01", subject="policy:k", appliesToCompany="agent:c, agent:b")
    world.figure(
        "sales", "5", "vehicles", None, subject="agent:w", geography="place:XA", periodStart=day("2022-01-01"), periodEnd=day("2022-12-31")
    )
    world.figure("exports", "7", "vehicles", "2024", subject="agent:w", geography="place:XB", accordingTo="agent:a, agent:b")
    for number, on in (("3", "2022-02-01"), ("4", "2024-02-01")):
        world.figure("markets-served", number, "markets", on, subject="agent:a")
    world.fact("agent:a", "sellsIn", "place:XB", "2024-06-01")
    world.says(
        "s", "Claim", "2024-08-01", subject="agent:w", topic="topic:ckd-shift", paraphrase='"kits"@en, "散件"@zh', claimant="agent:y"
    )
    # Sources that disagree: on a figure, on another told by a third source, and on a value.
    for source, number in (("s", "100"), ("t", "200")):
        world.figure("capacity", number, "vehicles-per-year", "2024-01-01", subject="plant:p", source=source)
    for source, number in (("s", "10"), ("z", "20")):
        world.figure("jobs", number, "persons", "2024-01-01", subject="plant:q", source=source)
    for source, form in (("s", "acquired"), ("t", "wholly-owned")):
        world.fact("production:b-at-p", "arrangement", f"arrangement:{form}", "2023-01-01", source=source)
    return world.build().store


@pytest.fixture(scope="module")
def stores(shipped: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> dict[str, EmbeddedStore]:
    return {"shipped": shipped, "busy": busy(tmp_path_factory.mktemp("busy"))}


@pytest.fixture(scope="module")
def datasets(stores: dict[str, EmbeddedStore]) -> dict[str, rdflib.Dataset]:
    return {name: in_rdflib(store) for name, store in stores.items()}


def both(
    stores: dict[str, EmbeddedStore], datasets: dict[str, rdflib.Dataset], world: str, question: Question, bound: dict[str, list[str]]
) -> Rows:
    """The rows, after both engines have agreed on them."""
    by_oxigraph = ask_oxigraph(stores[world], question, bound)
    by_rdflib = ask_rdflib(datasets[world], question, bound)
    assert by_oxigraph == by_rdflib
    return by_oxigraph


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_golden_answer(question: Question, stores: dict[str, EmbeddedStore], datasets: dict[str, rdflib.Dataset]) -> None:
    found = both(stores, datasets, "shipped", question, {})
    plain = sorted(([list(row), count] for row, count in found.items()), key=str)
    path = GOLDEN / f"{question.name}.json"
    if os.environ.get("NEVKG_UPDATE_GOLDEN"):
        path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    golden = json.loads(path.read_text(encoding="utf-8"))
    assert plain == golden, "if the new answer is right: NEVKG_UPDATE_GOLDEN=1 pytest tests/test_questions.py"
    assert plain, "a question that finds nothing in the shipped data proves nothing"


def options(store: EmbeddedStore, question: Question, name: str) -> list[str]:
    """Some values of a parameter, in N-Triples."""
    kind = question.parameter(name).type
    if kind == "xsd:date":
        return [f'"{day}"^^<http://www.w3.org/2001/XMLSchema#date>' for day in ("2022-04-01", "2024-03-01", "2025-02-01")]
    if kind == "xsd:string":
        return ['"en"', '"zh"']
    if kind == ANYTHING:
        found = select(
            store,
            """PREFIX nev: <https://w3id.org/nevkg/ontology#> SELECT DISTINCT ?thing WHERE {
              VALUES ?role { nev:subject nev:value } ?statement nev:source ?source ; ?role ?thing . FILTER(ISIRI(?thing))
            } ORDER BY ?thing""",
        )
        return [str(row["thing"]) for row in found]
    prefix, _, local = kind.partition(":")
    iri = PREFIXES[prefix] + local
    found = select(
        store,
        f"""SELECT DISTINCT ?thing WHERE {{
          {{ ?thing a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* <{iri}> }} UNION
          {{ ?thing <http://www.w3.org/2004/02/skos/core#inScheme> <{iri}> }}
        }} ORDER BY ?thing""",
    )
    return [str(row["thing"]) for row in found]


@pytest.mark.parametrize("world", ["shipped", "busy"])
@pytest.mark.parametrize(("question", "name"), PARAMETERS, ids=lambda part: getattr(part, "name", part))
def test_parameter(
    question: Question, name: str, world: str, stores: dict[str, EmbeddedStore], datasets: dict[str, rdflib.Dataset]
) -> None:
    """Default, left out, one value, two values: more values never lose a row nor count one twice."""
    # Other parameters are left open, so that this one alone decides.
    open_ = {parameter.name: list[str]() for parameter in question.parameters if parameter.type != "xsd:date"}
    kind = question.parameter(name).type
    left_out = both(stores, datasets, world, question, open_)
    default = ask_oxigraph(stores[world], question, {})
    if kind != "xsd:date":
        assert not set(default) - set(ask_oxigraph(stores[world], question, {name: []})), "any contains the default"
    answers = {}
    for option in options(stores[world], question, name):
        answers[option] = ask_oxigraph(stores[world], question, {**open_, name: [option]})
    telling = [option for option, answer in answers.items() if answer][:2] or list(answers)[:1]
    for option in telling:
        one = both(stores, datasets, world, question, {**open_, name: [option]})
        if kind != "xsd:date":
            assert not one - left_out, "left out contains one"
    if kind == "xsd:date":
        if world == "busy":
            assert len({frozenset(answer.items()) for answer in answers.values()}) > 1, "the day makes no difference"
        return
    two = both(stores, datasets, world, question, {**open_, name: telling})
    union = Rows()
    for option in telling:
        union |= answers[option]
    assert two == union, "two values give the rows of each, once"
    repeated = ask_oxigraph(stores[world], question, {**open_, name: [*telling, *telling]})
    assert set(repeated) == set(two)
    if world == "busy":
        assert any(answer != left_out for answer in answers.values()), "the parameter makes no difference"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_runs_as_it_stands(question: Question, shipped: EmbeddedStore) -> None:
    """The file is plain SPARQL whose columns and evidence are what its head says."""
    found = select(shipped, question.text)
    names = {variable.value for variable in found.variables}
    shown = {column.name for column in question.columns}
    evidence = {column.evidence for column in question.columns if column.evidence}
    assert shown | evidence == names
    for words in (question.title, question.description, *(column.label for column in question.columns)):
        assert set(words) == {"en", "zh"}
    for row in found:
        for name in evidence:
            if (rests := row[name]) is not None:
                iri = getattr(rests, "value", "")
                assert shipped.query(f"ASK {{ <{iri}> <{PREFIXES['prov']}wasDerivedFrom>?/<{PREFIXES['nev']}source> ?source }}")


def test_binding_touches_nothing_else() -> None:
    question = QUESTIONS[0]
    assert question.bind({}) == question.text
    text = question.bind({parameter.name: [] for parameter in question.parameters})
    changed = [line for line, was in zip(text.splitlines(), question.text.splitlines(), strict=True) if line != was]
    assert all(line.strip().startswith("VALUES ?") and ANY in line for line in changed)


def test_a_value_cannot_break_out(shipped: EmbeddedStore) -> None:
    from nevkg import ask

    question = load_catalogue(SHIPPED)["expert-claims"]
    answer = ask(shipped, question, ['lang=en" } #\\" \\u0022 ?x'])
    assert not answer.rows


def test_unknown_names_are_told_with_the_nearest() -> None:
    catalogue = load_catalogue(SHIPPED)
    with pytest.raises(WrongUsage, match="Did you mean local-manufacturers"):
        catalogue["local-manufacturer"]
    with pytest.raises(WrongUsage, match=r"no parameter 'blocs'; it has bloc, country"):
        catalogue["local-manufacturers"].parameter("blocs")
