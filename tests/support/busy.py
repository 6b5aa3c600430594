"""A world in which every parameter of the shipped questions makes a difference."""

from __future__ import annotations

from pathlib import Path

from tests.support import busy_market, busy_policy, busy_production
from tests.support.worlds import World, day

from nevkg.store import EmbeddedStore


def build_busy_world(folder: Path) -> EmbeddedStore:
    """Builds a world in which every parameter of the shipped questions makes a difference."""
    world = World(folder)
    for maker, home in (("a", "XB"), ("b", "XB"), ("c", "XA")):
        world.fact(f"agent:{maker}", "homeCountry", f"place:{home}")
    world.plant("agent:a agent:b", "plant:p", "place:XA")
    world.plant("agent:c", "plant:q", "place:XB")
    world.registry += "plant:r a nev:Plant ; rdfs:label 'Plant R'@en .\n"
    world.plant("agent:a", "plant:r", "place:XA-1")
    for bloc in ("u", "v"):
        world.statement("s", "Attribution", "1990-01-01", subject="place:XA", property="nev:memberOf", value=f"place:{bloc}")
    world.statement("s", "Attribution", "2024-07-01", subject="place:XB", property="nev:memberOf", value="place:v")
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
        world.statement(
            "s", "Claim", on, subject="agent:a", paraphrase=f'"claim {name}"@en, "主张{name}"@zh', **about, **{"note": f'"{name}"@en'}
        )
    world.fact("agent:x", "worksFor", "agent:a", roleTitle='"director"@en')
    world.registry += "".join(f"model:{name} a nev:VehicleModel ; rdfs:label '{name}'@en .\n" for name in ("m", "n"))
    world.event("first-delivery", "2024-06", plant="plant:q", makers="agent:c", model="model:m, model:n")
    world.event("inauguration", "2025-03", plant="plant:r", makers="agent:a, agent:b", source="t", modality="modality:planned")
    world.statement("t", "EventReport", None, event="event:entry", eventType="eventtype:market-entry", participant="agent:b")
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
        for each in value.split(", "):
            world.fact(f"policy:{policy}", name, each, on)
    world.figure("duty-rate", "17", "percent", "2024-10-01", subject="policy:k", appliesToCompany="agent:c, agent:b")
    world.figure(
        "sales", "5", "vehicles", None, subject="agent:w", geography="place:XA", periodStart=day("2022-01-01"), periodEnd=day("2022-12-31")
    )
    world.figure("exports", "7", "vehicles", "2024", subject="agent:w", geography="place:XB", accordingTo="agent:a, agent:b")
    for number, on in (("3", "2022-02-01"), ("4", "2024-02-01")):
        world.figure("markets-served", number, "markets", on, subject="agent:a")
    world.fact("agent:a", "sellsIn", "place:XB", "2024-06-01")
    world.statement(
        "s", "Claim", "2024-08-01", subject="agent:w", topic="topic:ckd-shift", paraphrase='"kits"@en, "散件"@zh', claimant="agent:y"
    )
    # Sources that disagree: on a figure, on another figure with a third source, and on a value.
    for source, number in (("s", "100"), ("t", "200")):
        world.figure("capacity", number, "vehicles-per-year", "2024-01-01", subject="plant:p", source=source)
    for source, number in (("s", "10"), ("z", "20")):
        world.figure("jobs", number, "persons", "2024-01-01", subject="plant:q", source=source)
    for source, form in (("s", "acquired"), ("t", "wholly-owned")):
        world.fact("production:b-at-p", "arrangement", f"arrangement:{form}", "2023-01-01", source=source)
    # Published lists, one of which claims to be complete, and published counts.
    for name, complete, country in (("whole", "yes", "place:XA"), ("part", "no", "place:XB")):
        world.source(name, "2024-06-01", listScope=country, isCompleteList=f"answer:{complete}")
        world.statement(
            name, "Listing", listedMaker="agent:a", listedCountry=country, listedPlant="plant:p", listedStatus="status:announced"
        )
    world.statement("part", "Listing", listedMaker="agent:b", listedCountry="place:XB")
    world.registry += "place:world a nev:WorldRegion . "
    for subject, metric, number, place in (("agent:a", "bases", "3", "place:world"), ("agent:b", "capacity", "900", "place:XA")):
        unit = {"bases": "plants", "capacity": "vehicles-per-year"}[metric]
        rule = {"countingRule": '"all plants"@en, "全部工厂"@zh', "geography": place}
        world.figure(f"overseas-production-{metric}", number, unit, "2024-01-01", subject=subject, **rule)
    world.figure(
        "overseas-production-bases", "4", "plants", "2024-01-01", subject="agent:a", geography="place:world", modality="modality:target"
    )
    for part in (busy_production, busy_policy, busy_market):
        part.add(world)
    return world.build(current=True).store
