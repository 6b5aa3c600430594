// The rows of an answer as a graph: two things of a row are linked.
import { type AnswerProps, evidenceOf } from "../answer/roles";
import { isThing, type Language, type Scalar } from "../api/types";
import { GREY, PALETTE } from "../state/colors";
import { STANDING } from "../state/standings";
import { asText, each } from "../ui/value";
import { type Edge, edgeId, type Node, type Spell } from "./data";
import { EMPTY, type Graph } from "./graph";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function ofRows({ answer, show }: AnswerProps, tongue: Language): Graph {
  const { subject, object, relation } = show;
  if (!subject || !object) return EMPTY;
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const stands = answer.columns.some((column) => column.name === STANDING);
  const heading = (name: string) => answer.columns.find((column) => column.name === name)?.label ?? name;
  const ends = (value: Scalar, column: string, color: string): string => {
    const [iri, label] = isThing(value) ? [value.iri, value.label] : ["", asText(value, tongue)];
    const name = iri || `“${label}”`;
    // What stands in both columns keeps the kind of the first.
    if (!nodes.has(name)) nodes.set(name, { name, iri, label, kind: { iri: column, label: heading(column) }, color, facts: {} });
    return name;
  };
  answer.rows.forEach((row, place) => {
    const said = relation ? each(row[relation])[0] : undefined;
    const link = isThing(said)
      ? said
      : { iri: said === undefined ? object : String(said), label: said === undefined ? heading(object) : asText(said, tongue) };
    const day = (column: string | undefined) => {
      const value = column ? each(row[column])[0] : undefined;
      return typeof value === "string" && DAY.test(value) ? value : null;
    };
    const spell: Spell = { from: day(show.from), until: day(show.until) };
    for (const one of each(row[subject])) {
      for (const other of each(row[object])) {
        const [source, target] = [ends(one, subject, PALETTE[0] ?? GREY), ends(other, object, PALETTE[1] ?? GREY)];
        const id = edgeId(source, link.iri, target);
        const known = edges.get(id);
        edges.set(id, {
          id,
          source,
          target,
          relation: link,
          spells: [...(known?.spells ?? []), ...(spell.from || spell.until ? [spell] : [])],
          facts: stands ? { [STANDING]: [...each(known?.facts[STANDING]), ...each(row[STANDING])] } : {},
          evidence: [...new Set([...(known?.evidence ?? []), ...restsOn(answer, place, [relation, object, subject])])],
          sources: [],
        });
      }
    }
  });
  return { ...EMPTY, nodes, edges, asOf: answer.asOf };
}

/** What a link rests on: its own column, or else the whole row. */
function restsOn(answer: AnswerProps["answer"], row: number, columns: readonly (string | undefined)[]): string[] {
  for (const column of columns) {
    const found = column ? evidenceOf(answer, row, column) : [];
    if (found.length) return found;
  }
  return evidenceOf(answer, row);
}
