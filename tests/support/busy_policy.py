"""Facts of the busy world for questions about policies and statistics."""

from __future__ import annotations

from tests.support.worlds import World, day


def add(world: World) -> None:
    world.registry += "policy:pa a nev:Policy .\npolicy:pb a nev:Policy .\npolicy:pc a nev:Policy .\n"
    world.registry += "agent:pm a nev:Organization , nev:Automaker ; rdfs:label 'Maker PM'@en .\n"
    world.registry += "".join(f"plant:p{name} a nev:Plant ; rdfs:label 'Plant P{name}'@en .\n" for name in "tu")
    world.fact("agent:pm", "homeCountry", "place:XB", "2020-01-01")
    world.plant("agent:pm", "plant:pt", "place:XA", "2023-07-01")
    world.plant("agent:pm agent:c", "plant:pu", "place:XA", "2024-01-01")
    world.event("announcement", "2023-06", plant="plant:pt", makers="agent:pm")
    world.event("announcement", "2025-03-15", plant="plant:pu", makers="agent:c")
    world.fact("production:pm-at-pt", "status", "status:operating", "2024-06-01")
    for policy, law, kind, issuer, on in (
        ("pa", "XA", "subsidy", "b", "2023-01-01"),
        ("pb", "u", "local-content-rule", "c", "2024-02-01"),
        ("pc", "v", "import-tariff", "c", "2024-12-01"),
    ):
        world.fact(f"policy:{policy}", "jurisdiction", f"place:{law}", on)
        world.fact(f"policy:{policy}", "policyKind", f"policykind:{kind}", on)
        world.fact(f"policy:{policy}", "issuer", f"agent:{issuer}", on)
        world.fact(f"policy:{policy}", "policyStatus", "policystatus:issued", on)
    # In force until a stated end and reported again later; reported with an end only; and struck down.
    world.statement("s", "Attribution", "2023-01-01", "2024-06-30", **in_force("pa"))
    world.statement("t", "Attribution", "2024-10-01", **in_force("pa"))
    world.statement("t", "Attribution", None, "2030-12-31", **in_force("pb"))
    world.statement("s", "Attribution", "2024-02-01", **in_force("pb"))
    world.statement("s", "Attribution", "2024-12-01", **in_force("pc"))
    world.statement("s", "Attribution", "2026-06-01", **{**in_force("pc"), "modality": "modality:planned"})
    world.fact("policy:pc", "policyStatus", "policystatus:struck-down", "2025-06-01")
    world.statement(
        "s", "Attribution", "2023-01-01", "2027-12-31", subject="policy:pa", property="nev:hasMeasure", value="policymeasure:duty-exemption"
    )
    world.statement("s", "Attribution", "2024-01-01", subject="policy:pa", property="nev:customsCode", text='"8703"')
    world.statement("s", "Attribution", "2025-01-01", subject="policy:pb", property="nev:legalBasis", text='"Act 5"')
    for policy, metric, number, unit in (
        ("pa", "quota", "100", "vehicles-per-year"),
        ("pb", "quota", "200", "vehicles-per-year"),
        ("pa", "amount", "5000", "usd-per-vehicle"),
        ("pb", "fee", "70", "usd-per-vehicle"),
        ("pa", "required-local-content", "40", "percent"),
        ("pb", "required-local-content", "50", "percent"),
    ):
        world.figure(metric, number, unit, "2024-02-01", subject=f"policy:{policy}")
    world.figure("local-content", "30", "percent", "2024-03-01", subject="plant:p")
    world.figure("duty-rate", "20", "percent", "2024-10-01", subject="policy:pc", appliesToCompany="agent:pm")
    for group in ("cooperating-companies", None):
        more = {"appliesToGroup": f"addressee:{group}"} if group else {"appliesToOrigin": "place:XB"}
        world.figure("duty-rate", "35", "percent", "2024-10-01", subject="policy:pc", **more)
    world.fact("policy:pc", "appliesToOrigin", "place:XB", "2024-12-01")
    world.fact("policy:pa", "appliesToCompany", "agent:pm", "2023-01-01")
    for name, subject, place, year, number, source in (
        ("market-share", "agent:w", "XA", 2022, "10", "s"),
        ("market-share", "agent:w", "XA", 2022, "12", "t"),
        ("market-share", "agent:pm", "XB", 2024, "3", "s"),
        ("nev-share-of-sales", "agent:w", "XA", 2022, "20", "s"),
        ("nev-share-of-sales", "agent:pm", "XB", 2024, "30", "s"),
    ):
        world.figure(name, number, "percent", None, subject=subject, geography=f"place:{place}", source=source, **year_of(year))
    for name, subject, place, year, number, modality in (
        ("exports", "agent:pm", "XA", 2022, "50", "actual"),
        ("exports", "agent:pm", "XA", 2024, "60", "actual"),
        ("exports", "agent:pm", "XA", 2024, "70", "target"),
        ("overseas-sales", "agent:c", "XB", 2024, "80", "actual"),
        ("overseas-sales", "agent:c", "XB", 2024, "75", "forecast"),
    ):
        about = {"geography": f"place:{place}", "modality": f"modality:{modality}", **year_of(year)}
        world.figure(name, number, "vehicles", None, subject=subject, **about)


def in_force(policy: str) -> dict[str, str]:
    return {"subject": f"policy:{policy}", "property": "nev:policyStatus", "value": "policystatus:in-force"}


def year_of(year: int) -> dict[str, str]:
    return {"periodStart": day(f"{year}-01-01"), "periodEnd": day(f"{year}-12-31")}
