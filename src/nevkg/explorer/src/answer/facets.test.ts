import { describe, expect, it } from "vitest";
import type { AnswerColumn, Row } from "../api/types";
import { facetsOf, matchesFacets, readFacets, selectFacet } from "./facets";

const column = (name: string, type: AnswerColumn["type"]): AnswerColumn => ({
  name,
  type,
  label: name.toUpperCase(),
  list: false,
  evidence: false,
});
const place = (slug: string) => ({ iri: `https://w3id.org/nevkg/place/${slug}`, label: slug });
const columns = [column("where", "thing"), column("what", "thing"), column("number", "integer"), column("new", "boolean")];
const rows: Row[] = [
  { where: place("TH"), what: place("a"), number: 1, new: true },
  { where: [place("ID"), place("TH")], what: place("b"), number: 2, new: true },
  { where: null, what: place("c"), number: 3, new: false },
];

describe("facets", () => {
  it("are columns whose values some rows share, the most frequent value first", () => {
    expect(facetsOf(columns, rows, "en").map(({ column: name, values }) => [name, values.map(({ key, count }) => [key, count])])).toEqual([
      [
        "where",
        [
          ["place:TH", 2],
          ["place:ID", 1],
        ],
      ],
      [
        "new",
        [
          ["true", 2],
          ["false", 1],
        ],
      ],
    ]);
  });
  it("are in the address and filter the rows", () => {
    const params = new URLSearchParams([["is", "where=place:TH"]]);
    expect(rows.filter((row) => matchesFacets(row, readFacets(params)))).toEqual(rows.slice(0, 2));
    expect(selectFacet(readFacets(params), "new", "true")).toEqual(["where=place:TH", "new=true"]);
    expect(selectFacet(readFacets(params), "where", "")).toEqual([]);
  });
});
