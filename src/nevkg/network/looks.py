"""Colours of classes and dashes of standings, as the ontology declares them."""

from __future__ import annotations

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import memoise

Dashes = tuple[float, ...]


@memoise
def find_dashes(store: Store) -> dict[str, Dashes]:
    """Returns the lengths of dashes and gaps that the ontology gives for each standing, the best first; empty for a solid line."""
    query = f"""PREFIX nev: <{terms.NEV}> PREFIX skos: <{terms.SKOS}> SELECT ?standing ?dashes WHERE {{
        <{terms.NEV}standing> nev:valuesFrom ?scheme .
        ?standing skos:inScheme ?scheme ; nev:dashes ?dashes ; nev:ladderRank ?rank }} ORDER BY DESC(?rank)"""
    return {terms.text(row["standing"]): read_dashes(terms.text(row["dashes"])) for row in entities.select(store, query)}


def read_dashes(text: str) -> Dashes:
    """Parses lengths of dashes and gaps; the result is empty for a solid line, or if the text cannot be parsed."""
    try:
        lengths = tuple(map(float, text.split()))
    except ValueError:
        return ()
    if not all(length > 0 for length in lengths):
        return ()
    return lengths if len(lengths) % 2 == 0 else 2 * lengths


def find_class_colors(store: Store) -> dict[str, str]:
    """Returns the colour of each class: its own, or that of the nearest superclass that has one."""
    query = f"""SELECT ?class ?above ?color WHERE {{
        {{ ?class <{terms.RDFS}subClassOf> ?above }} UNION {{ ?class <{terms.NEV}color> ?color }} }} ORDER BY ?class ?above ?color"""
    above: dict[str, list[str]] = {}
    colors: dict[str, str] = {}
    for row in entities.select(store, query):
        if row["color"] is not None:
            colors[terms.text(row["class"])] = terms.text(row["color"])
        else:
            above.setdefault(terms.text(row["class"]), []).append(terms.text(row["above"]))
    found = {}
    for kind in above.keys() | colors.keys():
        near, seen = [kind], {kind}
        while near and not any(one in colors for one in near):
            near = [up for one in near for up in above.get(one, []) if up not in seen]
            seen |= set(near)
        color = next((colors[one] for one in near if one in colors), None)
        if color is not None:
            found[kind] = color
    return found
