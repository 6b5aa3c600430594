"""Facts of the busy world for questions about plants and their products."""

from __future__ import annotations

from tests.support.worlds import World


def add(world: World) -> None:
    world.registry += "".join(f"plant:{name} a nev:Plant ; rdfs:label '{name}'@en .\n" for name in ("done", "dtwo", "dend"))
    world.registry += "".join(
        f"agent:{name} a nev:Organization ; rdfs:label '{name}'@en .\n" for name in ("dop", "dpartner", "dbrand", "dgroup")
    )
    world.registry += "".join(f"model:{name} a nev:VehicleModel ; rdfs:label '{name}'@en .\n" for name in ("dm", "dn"))
    # Two planned plants, with plans of several dates and scopes, and a cancelled one.
    world.plant("agent:a", "plant:done", "place:XA", "2021-01-01")
    world.plant("agent:c agent:dbrand", "plant:dtwo", "place:XB", "2023-01-01")
    world.plant("agent:a", "plant:dend", "place:XB", "2021-06-01")
    world.fact("plant:done", "status", "status:announced", "2021-02-01")
    world.fact("plant:done", "status", "status:under-construction", "2024-02-01", source="t")
    world.event("announcement", "2021-03", plant="plant:p", makers="agent:a")
    world.event("cancellation", "2024-01-10", plant="plant:dend", source="t")
    world.event("agreement-signed", "2023-03", plant="plant:dtwo", makers="agent:dbrand")
    world.event("first-vehicle", "2024-01-15", plant="plant:dtwo", makers="agent:dbrand")
    for number, on, scope, source in (
        ("100", "2021-02-01", "whole", "s"),
        ("150", "2024-02-01", "whole", "s"),
        ("160", "2024-02-01", "whole", "t"),
        ("50", "2023-02-01", "phase-one", "s"),
    ):
        world.figure(
            "capacity",
            number,
            "vehicles-per-year",
            on,
            subject="plant:done",
            source=source,
            modality="modality:planned",
            scope=f"scope:{scope}",
            comparator="comparator:exactly",
        )
    world.figure("capacity", "70", "vehicles-per-year", "2023-02-01", subject="plant:dtwo", modality="modality:planned")
    world.fact("plant:done", "builds", "model:dm", "2027", modality="modality:planned")
    # Contract assembly, licensed assembly and partners.
    world.fact("plant:q", "operator", "agent:dop", "2022-01-01")
    world.fact("production:c-at-q", "arrangement", "arrangement:contract-assembly", "2022-01-01")
    world.fact("plant:r", "operator", "agent:b", "2022-02-01")
    world.fact("production:a-at-r", "arrangement", "arrangement:licensed-assembly", "2024-01-01")
    world.fact("plant:p", "partner", "agent:dpartner", "2023-01-01")
    world.fact("production:dbrand-at-dtwo", "arrangement", "arrangement:joint-venture", "2024-06-01")
    # A brand, its maker and the group above it.
    world.registry += "agent:dbrand a nev:Brand .\n"
    world.fact("agent:dbrand", "parent", "agent:c", "2020-01-01")
    world.fact("agent:c", "parent", "agent:dgroup", "2020-01-01")
    world.fact("production:dbrand-at-dtwo", "status", "status:operating", "2024-01-15")
    # Products, export markets, and figures of a plant.
    for unit, model, on in (("plant:p", "dm", "2022-01-01"), ("production:c-at-q", "dm", "2024-01-01"), ("plant:p", "dn", "2024-01-01")):
        world.fact(unit, "builds", f"model:{model}", on)
    for unit, market, on in (("plant:p", "place:XB", "2022-01-01"), ("production:c-at-q", "place:u", "2024-01-01")):
        world.fact(unit, "exportMarket", market, on)
    for metric, number, unit, on, modality in (
        ("investment", "10", "usd", "2022-01-01", "actual"),
        ("investment", "30", "usd", "2024-01-01", "actual"),
        ("investment", "20", "eur", "2022-01-01", "planned"),
        ("jobs", "5", "persons", "2022-01-01", "actual"),
        ("local-content", "40", "percent", "2022-01-01", "actual"),
        ("local-content", "60", "percent", "2024-01-01", "planned"),
        ("local-content", "80", "percent", "2024-01-01", "target"),
    ):
        more = {"modality": f"modality:{modality}", "comparator": "comparator:exactly"}
        world.figure(metric, number, unit, on, subject="plant:p", **more)
        world.figure(metric, number, unit, on, subject="production:c-at-q", **more)
    # Kinds of makers and products.
    world.registry += "place:CN a nev:Country ; rdfs:label 'China'@en .\n"
    world.fact("agent:dgroup", "homeCountry", "place:CN")
    world.fact("agent:dbrand", "kind", "orgkind:brand")
    world.fact("agent:a", "kind", "orgkind:automaker")
    for unit, kind, powertrain in (("production:a-at-p", "bus", "bev"), ("plant:q", "car", "ice")):
        world.fact(unit, "productKind", f"productkind:{kind}", "2022-01-01")
        world.fact(unit, "powertrain", f"powertrain:{powertrain}", "2022-01-01")
