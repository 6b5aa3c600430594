"""Facts of the busy world for questions about markets, companies, people and sources."""

from __future__ import annotations

from tests.support.worlds import World, day

_PUBLISHER = "<http://purl.org/dc/terms/publisher>"
_LANGUAGE = "<http://purl.org/dc/terms/language>"


def add(world: World) -> None:
    _companies(world)
    _claims(world)
    _sources(world)
    _judgements(world)


def _companies(world: World) -> None:
    world.registry += "".join(f"agent:m{name} a nev:Organization ; rdfs:label 'M{name}'@en .\n" for name in ("group", "brand", "venture"))
    for maker, where, on in (("c", "XA", "2022-01-01"), ("mbrand", "XA", "2023-01-01"), ("mbrand", "XB", "2024-12-01")):
        world.fact(f"agent:{maker}", "sellsIn", f"place:{where}", on)
    world.fact("agent:b", "hasDistributorIn", "place:XB", "2022-01-01", source="t")
    for company, kind, on in (
        ("a", "automaker", "2022-01-01"),
        ("b", "automaker", "2024-01-01"),
        ("mbrand", "brand", "2022-01-01"),
        ("mventure", "joint-venture", "2025-01-01"),
    ):
        world.fact(f"agent:{company}", "kind", f"orgkind:{kind}", on)
    for member, group, on in (("mbrand", "a", "2022-01-01"), ("mventure", "mbrand", "2024-01-01"), ("a", "mgroup", "2024-06-01")):
        world.fact(f"agent:{member}", "parent", f"agent:{group}", on)

    for owned, share, holder, on in (
        ("mventure", "60", "a", "2022-01-01"),
        ("mventure", "40", "b", "2024-01-01"),
        ("mbrand", "100", "a", "2024-06-01"),
    ):
        world.figure("ownership-share", share, "percent", on, subject=f"agent:{owned}", holder=f"agent:{holder}")


def _claims(world: World) -> None:
    for number, (who, stance, subject, on) in enumerate(
        (
            ("agent:x", "optimistic", "place:XA", "2022-01-01"),
            ("agent:y", "sceptical", "plant:p", "2024-01-01"),
            ("agent:c", "cautious", "plant:p", "2025-01-01"),
        )
    ):
        topic = "topic:cost" if number else "topic:tariffs"
        more = {"claimantOrganization": "agent:b"} if number < 2 else {}
        wording = f'"view {number}"@en, "看法{number}"@zh'
        world.statement("s", "Claim", on, claimant=who, stance=f"stance:{stance}", subject=subject, topic=topic, paraphrase=wording, **more)


def _sources(world: World) -> None:
    described = (
        ("mone", "2022-02-01", "news", "en", "a"),
        ("mtwo", "2024-02-01", "repost", "zh", "b"),
        ("mthree", None, "repost", "en", "b"),
        ("mfour", "2025-01", "company", "en", "c"),
    )
    for slug, published, kind, language, publisher in described:
        world.source(slug, published, sourceKind=f"sourcekind:{kind}")
        world.graphs[slug].append(f'source:{slug} {_PUBLISHER} agent:{publisher} ; {_LANGUAGE} "{language}" .')
    world.graphs["mtwo"].append("source:mtwo nev:republishes source:mone .")
    world.graphs["mfour"].append("source:mfour nev:restsOn source:mtwo .")
    world.registry += "".join(f"plant:m{name} a nev:Plant ; rdfs:label 'Plant M{name}'@en .\n" for name in ("one", "two"))
    world.fact("plant:mone", "locatedIn", "place:XA", "2021-01-01", source="mone")
    world.fact("plant:mtwo", "locatedIn", "place:XB", "2021-01-01", source="mtwo")
    world.fact("plant:mone", "status", "status:announced", "2021-01-01", source="mone")
    world.fact("plant:mone", "status", "status:announced", "2021-01-01", source="mtwo")
    world.fact("plant:mone", "status", "status:under-construction", "2023-01-01", source="mfour")
    world.fact("plant:mtwo", "status", "status:operating", "2021-06-01", source="mthree")
    world.fact("plant:mtwo", "status", "status:suspended", "2024-06-01", source="mone")
    world.figure("jobs", "5", "persons", "2022-01-01", subject="plant:mtwo", source="mthree", modality="modality:planned")
    for source, on in (("mone", "2022-02-01"), ("mtwo", "2022-02-01")):
        world.statement(source, "EventReport", on, event="event:mopening", eventType="eventtype:groundbreaking", site="plant:mone")
    world.registry += "event:mopening a nev:Event .\n"


def _judgements(world: World) -> None:
    world.registry += (
        "judgement:m1 a nev:Merge ; nev:replaced agent:mold ; nev:replacement agent:mbrand ; "
        f"nev:note 'one company'@en ; nev:decided {day('2022-06-01')} .\n"
        "judgement:m2 a nev:Distinction ; nev:keepsApart plant:mone , plant:mtwo ; "
        f"nev:note 'two plants'@en ; nev:decided {day('2024-06-01')} .\n"
    )
