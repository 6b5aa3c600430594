import { expect, it } from "vitest";
import type { Row } from "../api/types";
import { compare } from "./compare";

const thing = (iri: string) => ({ iri, label: iri });

it("finds the places that appeared, ended, changed and stayed the same", () => {
  const rows: Row[] = ["new", "gone", "built", "built", "stays", "never"].map((at) => ({ at: thing(at), how: thing("x") }));
  rows[3] = { at: thing("built"), how: thing("y") };
  const periods = [
    { from: 5, until: 99 },
    { from: 0, until: 5 },
    { from: 0, until: 5 },
    { from: 5, until: 99 },
    { from: 0, until: 99 },
    { from: 50, until: 99 },
  ];
  const changes = compare(rows, { place: "at", status: "how" }, [0, 1, 2, 3, 4, 5], periods, [1, 10]);
  expect([...changes].map(([key, { change, rows: now, before }]) => [key, change, now, before])).toEqual([
    ["new", "appeared", [0], []],
    ["gone", "ended", [1], []],
    ["built", "changed", [3], [2]],
    ["stays", "same", [4], []],
  ]);
});
