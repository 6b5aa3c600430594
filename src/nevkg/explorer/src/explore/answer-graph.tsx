// An answer as a graph: each row links its subject and its object.

import { useMemo } from "preact/hooks";
import { type AnswerProps, columnLabel, evidenceOf } from "../answer/roles";
import { isThing, type Language, type Scalar } from "../api/types";
import { GREY, PALETTE } from "../state/colors";
import { useLanguage } from "../state/language";
import { STANDING } from "../state/standings";
import { Empty } from "../ui/loading";
import { asText, each } from "../ui/values";
import { type Edge, edgeId, type Node, type Spell } from "./data";
import { EMPTY, type Graph } from "./graph";
import { GraphView } from "./view";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Converts the rows of an answer; rows with the same ends and relation become one edge. */
export function convertRows({ answer, show }: AnswerProps, lang: Language): Graph {
  const { subject, object, relation } = show;
  if (!subject || !object) return EMPTY;
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const hasStandings = answer.columns.some((column) => column.name === STANDING);
  const headingOf = (name: string) => columnLabel(answer.columns, name);
  const addNode = (value: Scalar, column: string, color: string): string => {
    const [iri, label] = isThing(value) ? [value.iri, value.label] : ["", asText(value, lang)];
    const name = iri || `“${label}”`;
    // An entity that occurs in both columns keeps the class of the first.
    if (!nodes.has(name)) nodes.set(name, { name, iri, label, kind: { iri: column, label: headingOf(column) }, color, facts: {} });
    return name;
  };
  answer.rows.forEach((row, index) => {
    const value = relation ? each(row[relation])[0] : undefined;
    const link = isThing(value)
      ? value
      : { iri: value === undefined ? object : String(value), label: value === undefined ? headingOf(object) : asText(value, lang) };
    const dayIn = (column: string | undefined) => {
      const day = column ? each(row[column])[0] : undefined;
      return typeof day === "string" && DAY.test(day) ? day : null;
    };
    const spell: Spell = { from: dayIn(show.from), until: dayIn(show.until) };
    for (const subjectValue of each(row[subject])) {
      for (const objectValue of each(row[object])) {
        const source = addNode(subjectValue, subject, PALETTE[0] ?? GREY);
        const target = addNode(objectValue, object, PALETTE[1] ?? GREY);
        const id = edgeId(source, link.iri, target);
        const previous = edges.get(id);
        edges.set(id, {
          id,
          source,
          target,
          relation: link,
          spells: [...(previous?.spells ?? []), ...(spell.from || spell.until ? [spell] : [])],
          facts: hasStandings ? { [STANDING]: [...each(previous?.facts[STANDING]), ...each(row[STANDING])] } : {},
          evidence: [...new Set([...(previous?.evidence ?? []), ...findLinkEvidence(answer, index, [relation, object, subject])])],
          sources: [],
        });
      }
    }
  });
  return { ...EMPTY, nodes, edges, asOf: answer.asOf };
}

/** Returns the evidence of a link: that of the first of the columns with evidence, or of the whole row. */
function findLinkEvidence(answer: AnswerProps["answer"], row: number, columns: readonly (string | undefined)[]): string[] {
  for (const column of columns) {
    const found = column ? evidenceOf(answer, row, column) : [];
    if (found.length) return found;
  }
  return evidenceOf(answer, row);
}

/** An answer whose rows link two entities, as a graph. The two columns have different shapes, as classes have. */
export function AnswerGraph({ answer, show }: AnswerProps) {
  const lang = useLanguage();
  const graph = useMemo(() => convertRows({ answer, show }, lang), [answer, show, lang]);
  const shapes = useMemo(
    () => new Map([show.subject, show.object].map((column, index): [string, number] => [column ?? "", index])),
    [show],
  );
  if (!graph.nodes.size) return <Empty />;
  return <GraphView graph={graph} title={answer.title} shapes={shapes} actions={null} />;
}
