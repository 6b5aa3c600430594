// A few things of the data for which a term is used.
import { labels, select } from "../api/sparql";
import type { Language, Thing } from "../api/types";
import type { Kind } from "./model";

const COUNT = 6;
const SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf";

/** A query for them, as it could be asked in the editor. */
export function queryOf(kind: Kind, iri: string): string | null {
  switch (kind) {
    case "class":
      return `SELECT DISTINCT ?thing\nWHERE {\n  ?thing a/<${SUBCLASS}>* <${iri}> .\n}\nLIMIT ${COUNT}\n`;
    case "property":
      return `SELECT DISTINCT ?thing ?value\nWHERE {\n  ?thing <${iri}> ?value .\n}\nLIMIT ${COUNT}\n`;
    case "concept":
      return `SELECT DISTINCT ?thing ?property\nWHERE {\n  ?thing ?property <${iri}> .\n}\nLIMIT ${COUNT}\n`;
    default:
      return null;
  }
}

export interface Example {
  readonly thing: Thing;
  readonly more: string;
}

export async function examplesOf(kind: Kind, iri: string, language: Language): Promise<Example[]> {
  const query = queryOf(kind, iri);
  if (!query) return [];
  const rows = (await select(query)).filter(({ thing }) => thing?.type === "uri");
  const terms = rows.flatMap(({ thing, value, property }) => [thing, value, property]);
  const names = await labels(
    terms.flatMap((one) => (one?.type === "uri" ? [one.value] : [])),
    language,
  );
  const name = (term: { type: string; value: string } | undefined) =>
    term ? (term.type === "uri" ? (names.get(term.value) ?? last(term.value)) : term.value) : "";
  return rows.map(({ thing, value, property }) => ({
    thing: { iri: thing?.value ?? "", label: name(thing) },
    more: name(value ?? property),
  }));
}

function last(iri: string): string {
  return iri.split(/[/#]/).at(-1) || iri;
}
