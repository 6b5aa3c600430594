// Examples of entities that use a term.
import { fetchLabels, select } from "../api/sparql";
import type { Language, Thing } from "../api/types";
import type { Kind } from "./model";

const MAX_EXAMPLES = 6;
const SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf";

/** Returns a SPARQL query for examples, which can also be opened in the editor. */
export function queryOf(kind: Kind, iri: string): string | null {
  switch (kind) {
    case "class":
      return `SELECT DISTINCT ?thing\nWHERE {\n  ?thing a/<${SUBCLASS}>* <${iri}> .\n}\nLIMIT ${MAX_EXAMPLES}\n`;
    case "property":
      return `SELECT DISTINCT ?thing ?value\nWHERE {\n  ?thing <${iri}> ?value .\n}\nLIMIT ${MAX_EXAMPLES}\n`;
    case "concept":
      return `SELECT DISTINCT ?thing ?property\nWHERE {\n  ?thing ?property <${iri}> .\n}\nLIMIT ${MAX_EXAMPLES}\n`;
    default:
      return null;
  }
}

export interface Example {
  readonly entity: Thing;
  readonly note: string;
}

/** Loads entities that use a term, with a value or a property as note. */
export async function examplesOf(kind: Kind, iri: string, lang: Language): Promise<Example[]> {
  const query = queryOf(kind, iri);
  if (!query) return [];
  const rows = (await select(query)).filter(({ thing }) => thing?.type === "uri");
  const terms = rows.flatMap(({ thing, value, property }) => [thing, value, property]);
  const names = await fetchLabels(
    terms.flatMap((term) => (term?.type === "uri" ? [term.value] : [])),
    lang,
  );
  const name = (term: { type: string; value: string } | undefined) =>
    term ? (term.type === "uri" ? (names.get(term.value) ?? lastSegment(term.value)) : term.value) : "";
  return rows.map(({ thing, value, property }) => ({
    entity: { iri: thing?.value ?? "", label: name(thing) },
    note: name(value ?? property),
  }));
}

function lastSegment(iri: string): string {
  return iri.split(/[/#]/).at(-1) || iri;
}
