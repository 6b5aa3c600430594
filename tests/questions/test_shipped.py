"""The shipped data: known facts, consistency, and canonical files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from tests.support.edition import DAY
from tests.support.worlds import CURRENT, PREFIXES, SHIPPED, DerivedWorld

from nevkg.ask import arguments, days
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import dataset, statement_ids, terms
from nevkg.data.rdf import serialise
from nevkg.network.project import project
from nevkg.reading.quotes import normalise, read_passages
from nevkg.store import EmbeddedStore

ARTICLE = os.environ.get("NEVKG_ARTICLE")
SOURCES = dataset.source_files(CURRENT)
SCHEMA = [quad for path in sorted(SHIPPED.ontology.glob("modules/*.ttl")) for quad in dataset.parse_file(path)]
IDENTIFYING = statement_ids.identifying_properties(SCHEMA)


@pytest.fixture
def derived(shipped: EmbeddedStore) -> DerivedWorld:
    return DerivedWorld(shipped)


def test_plants_under_rules_have_the_local_content_that_is_known(shipped: EmbeddedStore) -> None:
    """Two questions on local content agree, and what meets a rule reaches its percentage."""
    catalogue = load_catalogue(SHIPPED)
    known: dict[Any, list[Any]] = {}
    contents: Any = ask(shipped, catalogue["local-content"])
    for row in contents:
        if row.actualLow is not None:
            known.setdefault(row.plant, []).extend((row.actualLow, row.actualHigh))
    rules: Any = ask(shipped, catalogue["plants-under-local-content-rules"])
    for row in rules:
        found = known.get(row.plant, [None])
        assert (row.knownLow, row.knownHigh) == (min(found), max(found)), row.plant
        reached = [percent >= row.required for percent in found if percent is not None]
        expected = "yes" if all(reached) else "not-known" if any(reached) else "no"
        assert (row.meets and row.meets.iri.rpartition("/")[2]) == (expected if reached else None)
    handal = [
        row for row in rules if str(row.plant) == "Handal Indonesia Motor Pondok Ungu plant" and row["from"] and row["from"] <= "2026"
    ]
    assert {(int(row.required), int(row.knownLow), int(row.knownHigh), str(row.meets)) for row in handal} == {(40, 40, 44, "yes")}


def test_the_main_question(shipped: EmbeddedStore) -> None:
    answer = ask(shipped, load_catalogue(SHIPPED)["local-manufacturers"], arguments.split(["bloc=place:asean"]))
    found = [(str(row.maker), str(row.plant or "")) for row in answer]
    assert {("XPeng", "Handal Indonesia Motor Purwakarta plant"), ("Changan Automobile", "Changan Rayong plant")} <= set(found)
    assert len(found) == len(set(found))


def test_policies_in_force_are_those_whose_period_has_not_ended(shipped: EmbeddedStore) -> None:
    now: Any
    periods: Any
    now, periods = (ask(shipped, load_catalogue(SHIPPED)[f"policies-{name}"]) for name in ("in-force", "over-time"))
    day = str(now.as_of)
    lasting = [row for row in periods if str(row["from"]) <= day and (not row.until or str(row.until) > day)]
    in_force = {(str(row.country), str(row.policy)) for row in now}
    assert in_force == {(str(country), str(row.policy)) for row in lasting for country in row.countries}
    assert {country for country, _ in in_force} >= {"Indonesia", "Thailand", "Germany"}


def test_every_fact_has_a_standing(shipped: EmbeddedStore) -> None:
    assert not DerivedWorld(days.snapshot(shipped, DAY)).holds("?s nev:fact ?f FILTER NOT EXISTS { ?f nev:standing ?x }")


@pytest.mark.parametrize(
    ("row", "holds", "pattern"),
    [
        # Errors that an audit of the first edition found, by the row of docs/history.md that corrects them.
        # The only page that reported an opening is retracted: the others report the beginning of construction.
        ("H54", True, "production:byd-at-byd-sihanoukville nev:status status:under-construction"),
        ("H54", False, "production:byd-at-byd-sihanoukville nev:fact ?f . ?f nev:property nev:status ; nev:value status:operating"),
        ("H54", True, "plant:byd-manisa nev:fact ?f . ?f nev:value status:shelved ; nev:standing standing:disputed"),
        ("H55", True, "production:geely-at-handal-purwakarta nev:status status:operating"),
        ("H55", True, "production:zzna-at-santana-linares nev:status status:operating"),
        ("H55", False, "production:hozon-at-bangchan-general-assembly-bangkok nev:status status:operating"),
        ("H56", False, "agent:saic-motor nev:manufacturesAt plant:pace-horizonte"),
        ("H57", False, "policy:br-ckd-skd-quota-2025 nev:policyStatus policystatus:in-force"),
        ("H59", True, "production:geely-at-proton-tanjung-malim nev:fact ?f . ?f nev:property nev:status ; nev:standing standing:stale"),
        ("H62", True, "production:hozon-at-handal-bekasi nev:status status:suspended"),
        ("H61", True, "plant:sgmw-cikarang nev:fact ?f . ?f nev:metric metric:investment ; nev:low ?n FILTER(?n >= 700000000)"),
        ("H61", False, "plant:sgmw-cikarang nev:investment 70000000"),
        (
            "H64",
            True,
            "production:gac-aion-at-national-assemblers-purwakarta nev:sharesLine production:gac-at-national-assemblers-purwakarta",
        ),
        ("H65", True, "agent:jaecoo nev:countsAsMaker agent:chery ; nev:countsAsGroup agent:chery-holding"),
        ("H66", True, "agent:volvo-cars nev:chineseControl answer:yes ; nev:homeCountry place:SE"),
        ("H67", True, "production:byd-at-byd-rayong nev:newEnergy answer:yes ; nev:makes productkind:car"),
        ("H67", False, "production:byd-at-byd-manaus nev:makes productkind:car"),
        ("H68", False, "plant:stellantis-goiana nev:fact/nev:capacityFor ?anyone"),
        ("H68", True, "plant:byd-camacari nev:fact/nev:capacityFor agent:byd"),
        ("H78", False, "agent:xcmg nev:manufacturesIn place:BR"),
        ("H78", False, "agent:gwm nev:manufacturesAt plant:haval-tula-engine"),
        ("H69", False, "agent:hy33333-com a nev:Business"),
        ("H69", True, "agent:hy33333-com a nev:Publisher"),
        ("H23", False, f"?f nev:lastConfirmed ?day FILTER(?day > '{DAY}'^^xsd:date)"),
        ("merges", False, "production:gm-at-pace-horizonte ?any ?thing"),
        ("merges", False, "?a nev:maker ?m ; nev:atPlant ?p . ?b nev:maker ?m ; nev:atPlant ?p FILTER(?a != ?b)"),
    ],
)
def test_errors_found_by_an_audit_stay_fixed(shipped: EmbeddedStore, row: str, holds: bool, pattern: str) -> None:
    assert DerivedWorld(days.snapshot(shipped, DAY)).holds(pattern) is holds, row


def test_all_interfaces_give_the_same_pairs(shipped: EmbeddedStore) -> None:
    """Compares makers and host countries in triples, the record, questions, a projection and the query of the README."""
    now = DerivedWorld(days.snapshot(shipped, DAY))
    pairs = set(now.rows("?maker nev:manufacturesAbroadIn ?country . ?country a nev:Country", "maker", "country"))
    assert len(pairs) > 60
    current = DerivedWorld(shipped).rows(
        "GRAPH graph:current { ?maker nev:manufacturesAbroadIn ?country } ?country a nev:Country", "maker", "country"
    )
    assert set(current) == pairs

    def short(value: object) -> str:
        return terms.shorten(str(getattr(value, "iri", value)), PREFIXES)

    catalogue = load_catalogue(SHIPPED)
    rows = ask(shipped, catalogue["local-manufacturers"], arguments.split(["chinese=*"]))
    homes = set(now.rows("?maker nev:homeCountry ?country", "maker", "country"))
    upheld_home = "?maker nev:fact ?home . ?home nev:property nev:homeCountry ; nev:standing/nev:isUpheld true"
    located = {maker for (maker,) in now.rows(upheld_home, "maker")}

    def abroad(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Returns the pairs of makers whose home country is upheld, without those at home."""
        return {pair for pair in found - homes if pair[0] in located}

    companies = {(short(company), short(row.country)) for row in rows if isinstance(row.company, tuple) for company in row.company}
    # A shared line counts for the maker that represents it; what is known of a company beside it may be stale.
    represented = {(short(row.maker), short(row.country)) for row in rows}
    stale = "nev:fact ?there . ?there nev:property nev:manufacturesIn ; nev:standing standing:stale ; nev:value"
    assert pairs <= abroad(represented | companies)
    for maker, country in abroad(represented | companies) - pairs:
        assert (maker, country) not in represented
        assert now.holds(f"{maker} {stale} {country}")
    levels = ask(shipped, catalogue["host-countries"], arguments.split(["level=makerlevel:brand", "chinese=*"]))
    hosts = {(short(row.company), short(host)) for row in levels if isinstance(row.hosts, tuple) for host in row.hosts}
    assert abroad(hosts) == represented & pairs
    upheld = ["standing=corroborated", "standing=reported"]
    presence = ask(shipped, catalogue["presence-in-country"], arguments.split(upheld))
    presence_pairs = {(short(row.company), short(row.country)) for row in presence if short(row.way) == "nev:manufacturesIn"}
    assert abroad(presence_pairs) == pairs
    edges = project(shipped, "makers-countries", {"chinese": ["*"]}, with_facts=False).edges
    found = {tuple(short(end) for end in edge.ends) for edge in edges if short(edge.relation) == "nev:manufacturesIn"}
    assert found - homes == represented
    readme = (SHIPPED.ontology.parent / "README.md").read_text(encoding="utf-8")
    query = re.search(r"'SELECT \?m \?c \{ (.*?) \}'", readme)
    assert query
    assert {pair for pair in now.rows(query[1], "m", "c") if now.holds(f"{pair[1]} a nev:Country")} == pairs


def test_an_answer_counts_omitted_rows(shipped: EmbeddedStore) -> None:
    question = load_catalogue(SHIPPED)["local-manufacturers"]
    default, everything = (ask(shipped, question, arguments.split(["bloc=place:asean", *more])) for more in ([], ["standing=*"]))
    assert default.support
    assert everything.support
    assert sum(default.support.shown.values()) == len(default)
    assert sum(default.support.left_out.values()) == len(everything) - len(default) > 0
    assert not everything.support.left_out
    assert default.support.until == "2026-06-30"
    assert set(default.support.reach) == {row.country for row in default} < set(everything.support.reach)
    assert list(default.support.reach.values()) == sorted(default.support.reach.values())
    assert "Sources reach to 2026-06-30; by country, from 2" in default.support.text
    assert {str(row.standing) for row in default} == {"corroborated", "reported"}


def test_sources_on_unreliable_hosts_support_nothing(derived: DerivedWorld) -> None:
    """Rows H77 and H79 of docs/history.md."""
    for host in ("ttav89.com", "hy33333.com", "ufabetindo.in", "hbzqbyyxgs.com", "ip-number.invalid"):
        assert derived.holds(f'?source nev:unreliableHost/nev:hostName "{host}"'), host
    assert len(derived.rows("?source nev:unreliableHost ?host", "source")) >= 86
    assert not derived.holds("?statement nev:source/nev:unreliableHost ?host ; nev:witness ?witness")
    # Facts that only they report are unsupported, and no others but those of lines whose maker no page names (H83).
    of_no_line = "FILTER NOT EXISTS { ?t a nev:Production }"
    now = DerivedWorld(days.snapshot(derived.store, DAY))
    resting = "GRAPH graph:history { ?f prov:wasDerivedFrom ?s . ?s nev:certainBy ?by } GRAPH ?g { ?s nev:source ?x }"
    resting += f" FILTER(?by <= '{DAY}'^^xsd:date)"
    reliable = "FILTER NOT EXISTS { GRAPH graph:history { ?x nev:unreliableHost ?h } }"
    unsupported = now.rows(
        "?t nev:fact ?f . ?f nev:standing standing:unsupported FILTER NOT EXISTS { ?f nev:because ?r } " + of_no_line, "f"
    )
    supported = set(now.rows(f"?t nev:fact ?f . ?f nev:standing ?any . {resting} {reliable}", "f"))
    assert unsupported
    assert not supported & set(unsupported)
    # All web sources except those at bare IP numbers can be looked up.
    without_archive = derived.rows("?source nev:address ?address FILTER NOT EXISTS { ?source nev:archiveLookUp ?there }", "source")
    assert without_archive == derived.rows("?source nev:unreliableHost/nev:hostFault hostfault:ip-number", "source")


def test_the_main_question_leaves_out_unsupported_facts(shipped: EmbeddedStore) -> None:
    question = load_catalogue(SHIPPED)["local-manufacturers"]
    default, unsupported = (ask(shipped, question, arguments.split(pairs)) for pairs in ((), ("standing=standing:unsupported",)))
    assert len(unsupported)
    assert not {(row.maker, row.plant) for row in default} & {(row.maker, row.plant) for row in unsupported}


@pytest.mark.parametrize(("day", "members"), [("2025-01-01", 10), ("2025-12-31", 11)])
def test_asean_grows(derived: DerivedWorld, day: str, members: int) -> None:
    found = derived.rows(
        "?e nev:property nev:memberOf ; nev:value place:asean ; nev:subject ?country ; nev:from ?from . "
        f"OPTIONAL {{ ?e nev:until ?until }} FILTER(?from <= '{day}'^^xsd:date && (!BOUND(?until) || ?until > '{day}'^^xsd:date))",
        "country",
    )
    assert len(set(found)) == members


@pytest.mark.parametrize(
    ("bloc", "members"),
    [("eu", 27), ("mercosur", 5), ("gcc", 6), ("eaeu", 5), ("usmca", 3), ("efta", 4), ("cptpp", 12)],
)
def test_blocs_have_the_members_that_their_sources_state(derived: DerivedWorld, bloc: str, members: int) -> None:
    assert len(derived.rows(f"GRAPH graph:current {{ ?country nev:memberOf place:{bloc} }}", "country")) == members


def test_countries_are_named_in_both_languages_with_their_codes(derived: DerivedWorld) -> None:
    rows = derived.rows(
        "?c a nev:Country ; rdfs:label ?en, ?zh ; nev:isoAlpha2 ?two ; nev:isoAlpha3 ?three ; nev:m49Code ?m49 ; dcterms:source ?source "
        "FILTER(LANG(?en) = 'en' && LANG(?zh) = 'zh')",
        "c",
        "two",
    )
    assert len({row[0] for row in rows}) == 249
    assert all(country == f"place:{code}" for country, code in rows)


@pytest.mark.parametrize(
    "pattern",
    [
        "?s a nev:EventReport ; nev:eventType eventtype:first-delivery ; nev:model model:xpeng-x9 ; nev:accordingTo agent:xpeng",
        "?s nev:metric metric:markets-served ; nev:subject agent:xpeng ; nev:number 46 ; nev:comparator comparator:exactly",
        "?s nev:metric metric:cumulative-deliveries ; nev:subject agent:xpeng ; nev:number 800000 ; nev:comparator comparator:over",
        "?s nev:eventType eventtype:first-vehicle ; nev:model model:byd-dolphin-mini ; nev:latest '2025-07-01'^^xsd:date",
        "?s a nev:Claim ; nev:topic topic:milestone ; nev:claimant agent:byd ; nev:subject event:byd-camacari-first-vehicle",
        "?s a nev:EventReport ; nev:eventType eventtype:inauguration ; nev:site plant:changan-rayong ; nev:latest '2025-05-31'^^xsd:date",
        "?s nev:property nev:locatedIn ; nev:subject plant:changan-rayong ; nev:value place:TH-21",
        "?s nev:metric metric:capacity ; nev:subject plant:changan-rayong ; nev:number 100000 ; nev:scope scope:initial",
        "?s nev:metric metric:workshop-count ; nev:subject plant:changan-rayong ; nev:number 5",
        "?s nev:property nev:worksFor ; nev:subject agent:cui-dongshu ; nev:value agent:cpca ; nev:roleTitle 'secretary-general'@en",
        "?s nev:property nev:worksFor ; nev:subject agent:zhang-xiang ; nev:value agent:iivea ; nev:roleTitle 'secretary-general'@en",
        "?s a nev:Claim ; nev:claimant agent:cui-dongshu ; nev:topic topic:ckd-shift, topic:localisation",
        "?s a nev:Claim ; nev:claimant agent:cui-dongshu ; nev:topic topic:supply-chain, topic:speed, topic:host-country-benefit",
        "?s a nev:Claim ; nev:claimant agent:zhang-xiang ; nev:topic topic:technology",
        "?s a nev:Claim ; nev:claimant agent:zhang-xiang ; nev:topic topic:cost FILTER NOT EXISTS { ?s nev:topic topic:early-entry }",
        "?s a nev:Claim ; nev:claimant agent:zhang-xiang ; nev:topic topic:early-entry, topic:supply-chain, topic:cost",
        "?s a nev:Claim ; nev:claimant agent:zhang-xiang ; nev:topic topic:window-of-opportunity ; nev:modality modality:forecast",
        "?s a nev:Claim ; nev:claimant agent:zhang-xiang ; nev:topic topic:innovation",
        "?s a nev:Claim ; nev:claimantAsNamed 'analysts'@en ; nev:driver driver:industrial-system, driver:technological-innovation, "
        "driver:policy-support, driver:logistics-network",
        "?s nev:property nev:issuer ; nev:subject policy:cn-nev-trade-cooperation-opinions-2024 ; nev:value agent:mofcom ; "
        "nev:latest '2024-12-31'^^xsd:date",
        "?s nev:metric metric:issuing-department-count ; nev:subject policy:cn-nev-trade-cooperation-opinions-2024 ; nev:number 9",
        "?s nev:metric metric:production-and-sales ; nev:number 6900000 ; nev:comparator comparator:over ; nev:accordingTo agent:caam ; "
        "nev:periodStart '2025-01-01'^^xsd:date ; nev:periodEnd '2025-06-30'^^xsd:date",
        "?s nev:metric metric:production-and-sales-yoy ; nev:number 40 ; nev:accordingTo agent:caam",
        "?s nev:metric metric:exports-yoy ; nev:number 75.2 ; nev:accordingTo agent:caam",
        "?s a nev:Claim ; nev:topic topic:tariffs ; nev:subject place:US",
        "?s a nev:Claim ; nev:topic topic:localisation ; nev:claimant agent:global-times",
    ],
)
def test_the_article_is_represented(derived: DerivedWorld, pattern: str) -> None:
    frame = (
        "?s nev:source source:s-globaltimes-nd ; nev:scope ?sc ; nev:modality ?m ; nev:comparator ?c ; nev:certainBy ?d ; nev:passage ?p . "
    )
    assert len(derived.rows(frame + pattern, "s")) == 1


def test_the_article_names_five_workshops_and_four_measures(derived: DerivedWorld) -> None:
    workshops = derived.rows(
        "?s nev:source source:s-globaltimes-nd ; nev:subject plant:changan-rayong ; nev:property nev:hasWorkshopOfKind ; nev:value ?kind",
        "kind",
    )
    assert workshops == [(f"workshopkind:{kind}",) for kind in ("assembly", "battery-assembly", "engine-assembly", "painting", "welding")]
    measures = derived.rows(
        "?s nev:source source:s-globaltimes-nd ; nev:property nev:hasMeasure ; nev:subject policy:cn-nev-trade-cooperation-opinions-2024 ; "
        "nev:value ?measure",
        "measure",
    )
    assert len(measures) == 4


def test_data_files_are_canonical_and_source_files_have_one_source() -> None:
    """All checks are in one test, since parsing the files takes most of the time."""
    files = [*SOURCES, *sorted(CURRENT.data.glob("registry/*.ttl"))]
    assert {path.name: problems for path in files if (problems := _problems(path))} == {}


def _problems(path: Path) -> list[str]:
    """Returns the problems of a file."""
    quads = list(dataset.parse_file(path))
    is_source = path.suffix == ".trig"
    found = {
        "is not canonical": serialise(quads, "trig" if is_source else "turtle", PREFIXES) != path.read_bytes(),
        "has blank nodes": any(isinstance(term, BlankNode) for quad in quads for term in (quad.subject, quad.object)),
    }
    if is_source:
        names = statement_ids.name_statements(quads, IDENTIFYING)
        sources = {terms.text(quad.object) for quad in quads if quad.predicate.value == terms.NEV + "source"}
        found |= {
            "has statements whose names do not match their content": any(old != new for old, new in names.items()),
            "has triples in another graph": {terms.text(quad.graph_name) for quad in quads} != {terms.graph(path.stem)},
            "has statements of another source": not sources <= {terms.SOURCE + path.stem},
            "does not describe its source": not any(_is_type(quad, terms.SOURCE + path.stem, "Source") for quad in quads),
        }
    return [problem for problem, is_true in found.items() if is_true]


def _is_type(quad: Quad, subject: str, kind: str) -> bool:
    return terms.text(quad.subject) == subject and terms.text(quad.object) == terms.NEV + kind


def test_the_registry_has_only_undisputed_properties(derived: DerivedWorld) -> None:
    allowed = (
        "rdf:type rdfs:label skos:altLabel dcterms:source nev:isoAlpha2 nev:isoAlpha3 nev:m49Code nev:isoSubdivisionCode nev:inCountry "
    )
    allowed += "nev:devisedLabel nev:partOf nev:maker nev:atPlant nev:datasetDate dcterms:creator dcterms:license "
    allowed += "nev:keepsApart nev:replaced nev:replacement nev:hostName nev:hostFault nev:note nev:decided dcterms:isReplacedBy "
    allowed += "nev:color nev:position nev:positionPrecision nev:latitude nev:longitude "
    allowed += "dcterms:conformsTo dcterms:description dcterms:isPartOf dcterms:issued dcterms:language dcterms:spatial dcterms:temporal "
    allowed += "dcterms:title dcterms:type dcat:endDate dcat:startDate dcat:version "
    allowed += "void:class void:classPartition void:entities void:subset void:uriSpace void:vocabulary"
    found = {row[0] for row in derived.rows("GRAPH graph:registry { ?s ?p ?o }", "p")}
    assert found <= set(allowed.split())


def test_mentioned_entities_are_in_the_registry(derived: DerivedWorld) -> None:
    """There is no misspelt slug: every entity that a statement names has a type and a label."""
    unknown = derived.rows(
        "GRAPH ?g { ?statement nev:source ?source ; ?p ?thing } "
        "FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), 'https://w3id.org/nevkg/') && ?p NOT IN (nev:source, nev:passage, nev:retracts)) "
        "FILTER NOT EXISTS { ?thing a ?type } FILTER NOT EXISTS { ?thing rdfs:label ?label }",
        "thing",
    )
    assert unknown == []
    unnamed = derived.rows("?source a nev:Source ; dcterms:publisher ?agent FILTER NOT EXISTS { ?agent rdfs:label ?label }", "agent")
    assert unnamed == []


def test_the_recipe_of_statement_names_is_stable() -> None:
    """Test vectors: a change would rename every cited statement."""
    decimal, integer = (NamedNode(terms.XSD + name) for name in ("decimal", "integer"))
    number, subject, identifier = terms.NEV + "number", terms.NEV + "subject", terms.DCTERMS + "identifier"
    vectors: list[list[tuple[str, terms.Term]]] = [
        [],
        [(number, Literal("46", datatype=integer))],
        [(number, Literal("46.0", datatype=decimal))],
        [(subject, NamedNode(terms.BASE + "agent/xpeng")), (number, Literal("7"))],
        [(identifier, Literal("c-1")), (number, Literal("7"))],
        [(identifier, Literal("c-1"))],
    ]
    names = [statement_ids.statement_iri(terms.SOURCE + "s-x", terms.NEV + "Observation", properties) for properties in vectors]
    assert names[1] == names[2]
    assert names[4] == names[5]
    assert [name.removeprefix(terms.STATEMENT) for name in names] == [
        "db96802894132aa9fc611cf6f7763363",
        "d36844dbb42972a689d4085907353c5e",
        "d36844dbb42972a689d4085907353c5e",
        "8ea4e974e1cd6e4df50d8cc5cfa5f681",
        "a66c1abeaac43fde1cafb1e08efc1625",
        "a66c1abeaac43fde1cafb1e08efc1625",
    ]


if ARTICLE:

    def test_every_passage_is_in_the_article() -> None:
        text = normalise(Path(ARTICLE or "").read_text(encoding="utf-8"))
        path = next(path for path in SOURCES if path.stem == "s-globaltimes-nd")
        found = read_passages(dataset.parse_file(path))
        assert len(found) > 30
        assert [passage for passage in found if not any(passage.quote.find(text))] == []

    def test_the_project_has_no_passage_of_the_article() -> None:
        """No sequence of eight words of the article appears, except in titles of sources."""
        words = re.findall(r"\w+", Path(ARTICLE or "").read_text(encoding="utf-8").lower())
        runs = {" ".join(words[start : start + 8]) for start in range(len(words) - 7)}
        root = SHIPPED.ontology.parent
        for folder in ("data", "docs", "ontology", "queries", "src"):
            for file in sorted(root.glob(f"{folder}/**/*")):
                if file.is_file() and file.suffix in (".ttl", ".trig", ".rq", ".md", ".py"):
                    own = re.sub(r"^\s*dcterms:title .*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
                    file_words = re.findall(r"\w+", own.lower())
                    assert not runs & {" ".join(file_words[start : start + 8]) for start in range(len(file_words) - 7)}, file
