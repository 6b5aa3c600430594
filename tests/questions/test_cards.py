"""Cards of entities: every card file works on the shipped data and agrees with the questions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support.worlds import SHIPPED

from nevkg.ask import days
from nevkg.ask.answer import Answer, ask
from nevkg.ask.card import Card, CardField, read_card
from nevkg.ask.card_files import FIELD, THIS, CardFile, Template, load_cards, read_card_file
from nevkg.ask.catalogue import RECORD, load_catalogue
from nevkg.data import terms
from nevkg.errors import InvalidData
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore
from nevkg.table.values import Thing

NEV = f"PREFIX nev: <{terms.NEV}>"
FILES = {file.name: file for file in load_cards(SHIPPED)}
DUTY = "policy:eu-cvd-bev-2024"
ENTITIES = {
    "maker": "agent:byd",
    "plant": "plant:byd-rayong",
    "bloc": "place:asean",
    "country": "place:TH",
    "policy": DUTY,
    "person": "agent:stella-li",
    "source": "source:s-globaltimes-nd",
    "model": "model:byd-dolphin",
    "organization": "agent:european-commission",
    "anything": "event:asean-byd-rayong-milestone-2024-07-04",
}


def card(store: EmbeddedStore, name: str, language: str = "en", day: str | None = None) -> Card:
    return read_card(store, entities.resolve(store, name), language, day)


def field(entity_card: Card, name: str) -> CardField:
    return next(card_field for card_field in entity_card.fields if card_field.name == name)


def answer(store: EmbeddedStore, question: str, arguments: dict[str, Sequence[str]]) -> Answer:
    return ask(store, load_catalogue(SHIPPED)[question], arguments)


def test_every_file_has_an_example() -> None:
    assert ENTITIES.keys() == FILES.keys()
    assert [name for name, file in FILES.items() if not file.classes] == ["anything"]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_each_class_has_a_card(shipped: EmbeddedStore, name: str, language: str) -> None:
    found, file = card(shipped, ENTITIES[name], language), FILES[name]
    assert found.card == ("" if name == "anything" else name)
    assert found.label
    assert found.kinds
    assert bool(found.fields) == bool(file.fields)
    assert {section.question for section in found.sections} <= {
        section.question.name for each in FILES.values() for section in each.sections
    }
    assert len({section.question for section in found.sections}) == len(found.sections) > 0
    for card_field in found.fields:
        assert card_field.label == next(spec.label[language] for spec in file.fields if spec.name == card_field.name)
        for value in card_field.values:
            # Values of sources come from their descriptions; all others have evidence.
            assert value.evidence or name == "source"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if FILES[name].classes])
def test_each_field_has_a_value_for_some_entity_of_its_class(shipped: EmbeddedStore, name: str) -> None:
    file = FILES[name]
    assert {spec.name for spec in file.fields} == _fields_with_values(shipped, file)


def _fields_with_values(store: EmbeddedStore, file: CardFile) -> set[str]:
    """Returns the fields with a value in the query or in the counted question, for any entity of the classes."""
    found = set()
    if file.query:
        over = store if file.query.over == RECORD else days.snapshot(store, entities.dataset_date(store))
        iris = {iri for kind in file.classes for iri in entities.instances(store, kind)}
        rows = entities.select(over, file.query.bind({THIS: [f"<{iri}>" for iri in sorted(iris)]}))
        found = {terms.text(row[FIELD]) for row in rows}
    for spec in file.fields:
        if spec.tally:
            arguments = {key: ["*"] if THIS in values else values for key, values in spec.tally.reference.given.items()}
            whole = answer(store, spec.tally.reference.question.name, arguments)
            found |= {spec.name} if any(value is not None for value in whole[spec.tally.column]) else set()
    return found


def test_counts_are_those_of_the_questions(shipped: EmbeddedStore) -> None:
    plants = answer(shipped, "plants-of-maker", {"maker": ["agent:byd"]})
    count = field(card(shipped, "agent:byd"), "plants").count
    assert count
    assert count.parameters == {"maker": ["agent:byd"]}
    assert count.total == len(set(plants["plant"])) > 20
    by_status = next(part.values for part in count.parts if part.label == "status")
    operating = {row.plant for row in plants if "operating" in str(row.status)}
    assert {str(one.value): one.count for one in by_status}["operating"] == len(operating)
    duties = field(card(shipped, DUTY), "rates").count
    assert duties
    assert duties.total == len({row.addressee for row in answer(shipped, "duty-rates-by-maker", {"policy": [DUTY]}) if row.addressee})


def _iri(value: object) -> str:
    return value.iri if isinstance(value, Thing) else str(value)


def test_a_summary_has_the_numbers_of_the_questions(shipped: EmbeddedStore) -> None:
    supported = answer(shipped, "local-manufacturers", {"maker": ["agent:byd"], "chinese": ["*"]})
    plants, countries = (len({row[supported.position(name)] for row in supported.records} - {None}) for name in ("plant", "country"))
    assert card(shipped, "agent:byd").summary.startswith(f"BYD builds vehicles in {plants} plants in {countries} countries abroad")
    assert card(shipped, "agent:byd", "zh").summary.startswith(f"比亚迪在海外{countries}个国家的{plants}座工厂造车")


def test_a_summary_says_what_there_is(shipped: EmbeddedStore) -> None:
    assert "No production of vehicles in Iceland" in card(shipped, "place:IS").summary
    plant = card(shipped, "plant:byd-rayong")
    assert plant.summary == "Plant of BYD in Rayong, Thailand: operating. Capacity: about 150,000 a year. Investment: US$490 million."
    assert card(shipped, "agent:stella-li").summary == ""


def test_a_template_is_filled_only_if_all_its_values_are_there() -> None:
    template = Template({"en": "{label}: {n} {n:plant|plants}", "zh": "{label}：{n}座"}, {})
    assert template.slots == {"label", "n"}
    assert template.fill("en", {"label": "A", "n": 1}) == "A: 1 plant"
    assert template.fill("en", {"label": "A", "n": 1200}) == "A: 1,200 plants"
    assert template.fill("zh", {"label": "A", "n": 2}) == "A：2座"
    assert template.fill("en", {"label": "A", "n": 0}) == template.fill("en", {"label": "A"}) == ""


def test_a_place_is_not_repeated(shipped: EmbeddedStore) -> None:
    plant = card(shipped, "plant:byd-rayong")
    assert [str(value.value) for value in field(plant, "place").values] == ["Rayong"]
    assert [str(value.value) for value in field(plant, "country").values] == ["Thailand"]


def test_values_agree_with_the_current_state(shipped: EmbeddedStore) -> None:
    rows = answer(shipped, "current-state-of", {"subject": ["plant:byd-rayong"]})
    expected = {(_iri(row.property), _iri(row.value), str(row.standing), row.witnesses) for row in rows}
    entity_card = card(shipped, "plant:byd-rayong")
    for name, short in {"status": "status", "operator": "operator", "models": "builds", "powertrain": "powertrain"}.items():
        for value in field(entity_card, name).values:
            assert isinstance(value.value, Thing)
            assert value.fact
            assert (terms.NEV + short, value.value.iri, value.fact.standing, value.fact.witnesses) in expected
    planned = field(entity_card, "plannedCapacity").values
    assert ["planned" in value.fact.marks for value in planned if value.fact] == [True]
    assert "150,000" in str(planned[0].value)


def test_values_come_best_supported_first(shipped: EmbeddedStore) -> None:
    spells = [value.fact for value in field(card(shipped, "plant:byd-rayong"), "models").values if value.fact]
    best = [spell.witnesses for spell in spells if spell.standing == "corroborated"]
    assert best == sorted(best, reverse=True)
    assert [spell.standing for spell in spells][: len(best)] == ["corroborated"] * len(best)


def test_a_disputed_value_is_marked(shipped: EmbeddedStore) -> None:
    query = f"{NEV} SELECT ?plant WHERE {{ ?plant a nev:Plant ; nev:fact ?f . ?f nev:property nev:status ; nev:disputed true }}"
    plants = entities.rows(days.snapshot(shipped, entities.dataset_date(shipped)), query)
    entity_card = read_card(shipped, plants[0]["plant"], "en")
    assert any(value.fact and value.fact.is_disputed for value in field(entity_card, "status").values)


@pytest.mark.slow
def test_a_card_of_an_earlier_day(shipped: EmbeddedStore) -> None:
    then, now = (card(shipped, "plant:changan-rayong", day=day) for day in ("2025-04-30", "2025-12-31"))
    status = [{str(value.value) for value in field(entity_card, "status").values} for entity_card in (then, now)]
    assert "operating" not in status[0]
    assert "operating" in status[1]
    assert then.as_of == "2025-04-30"


def test_a_source_links_its_original_its_copies_and_the_archive(shipped: EmbeddedStore) -> None:
    entity_card = card(shipped, "source:s-bangkokpost-2024-03-28")
    (original,) = field(entity_card, "original").values
    assert isinstance(original.value, Thing)
    assert original.value.iri == terms.SOURCE + "s-reuters-2024-03-28"
    back = field(card(shipped, "source:s-reuters-2024-03-28"), "copy").values
    assert entity_card.iri in {copy.value.iri for copy in back if isinstance(copy.value, Thing)}
    (address,), (archive,) = field(entity_card, "address").values, field(entity_card, "archive").values
    assert archive.value == f"https://web.archive.org/web/*/{address.value}"


def test_an_unreliable_address_is_no_link(shipped: EmbeddedStore) -> None:
    query = f"{NEV} SELECT ?source WHERE {{ ?source nev:unreliableHost ?host ; nev:address ?address }} ORDER BY ?source LIMIT 1"
    entity_card = read_card(shipped, entities.rows(shipped, query)[0]["source"], "en")
    assert not str(field(entity_card, "address").values[0].value).startswith("http")
    assert field(entity_card, "fault").values


def test_earlier_states_have_fewer_values(sample: EmbeddedStore) -> None:
    before = read_card(days.record_known_by(sample, "2023-12-31"), terms.BASE + "agent/byd", "en")
    now = field(card(sample, "agent:byd"), "plants").count
    then = next((card_field.count.total for card_field in before.fields if card_field.name == "plants" and card_field.count), 0)
    assert now
    assert then < now.total


HEAD = "#+ title: {{en: A, zh: 甲}}\n#+ classes: [nev:Plant]\n{}\n\nSELECT ?field ?value ?fact WHERE {{ ?this ?field ?value }}\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("#+ sections:\n#+   - {question: plants-of-makers}", "There is no question 'plants-of-makers'. Did you mean plants-of-maker"),
        ("#+ sections:\n#+   - {question: plants-of-maker, with: {makr: this}}", "has no parameter 'makr'"),
        ("#+ sections:\n#+   - {question: plants-of-maker, view: film}", "'view' is 'film'; write table"),
        ("#+ sections:\n#+   - {question: plants-of-maker, sort: -day}", "has no column 'day'"),
        ("#+ sections:\n#+   - {with: {maker: this}}", "the head lacks 'question'"),
        ("#+ fields:\n#+   plants: {en: P, zh: 工厂, question: plants-of-maker, count: plan}", "has no column 'plan'; it has maker, plant"),
        ("#+ fields:\n#+   plants: {en: P}", "the head lacks 'zh'"),
        ("#+ over: history", "'over' is 'history'; write snapshot or record."),
        (
            "#+ summary:\n#+   - {en: 'In {where}.', zh: '在{where}。'}",
            "'summary' has {where}, which is neither one of its figures nor a field of the card",
        ),
        (
            "#+ summary:\n#+   - {en: '{n}', zh: '{n}', figures: {n: ask local-manufacturers makr=this}}",
            "The question 'local-manufacturers' has no parameter 'makr'",
        ),
    ],
)
def test_an_invalid_card_file_is_refused(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "10-a.rq"
    path.write_text(HEAD.format(lines), encoding="utf-8")
    with pytest.raises(InvalidData) as wrong:
        read_card_file(path, load_catalogue(SHIPPED), terms.prefixes(SHIPPED.ontology))
    assert str(path) in str(wrong.value)
    assert message in str(wrong.value)


def test_an_unknown_class_in_a_card_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "10-a.rq"
    path.write_text("#+ title: {en: A, zh: 甲}\n#+ classes: [Plant]\n", encoding="utf-8")
    with pytest.raises(InvalidData, match="'classes' has 'Plant'"):
        read_card_file(path, load_catalogue(SHIPPED), terms.prefixes(SHIPPED.ontology))


def test_plain_folders_are_named_like_their_prefixes() -> None:
    """The explorer relies on this for short addresses; see explorer/src/state/address.ts."""
    spaces = {space: prefix for prefix, space in terms.prefixes(SHIPPED.ontology).items() if space.startswith(terms.BASE)}
    plain = {folder: prefix for space, prefix in spaces.items() if (folder := space.removeprefix(terms.BASE)[:-1]).isalpha()}
    assert {folder for folder, prefix in plain.items() if folder != prefix} == {"ontology", "vocabulary"}
