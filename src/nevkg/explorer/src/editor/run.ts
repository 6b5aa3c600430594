// Runs a query, whatever its form, and tells what came.
import { RequestError } from "../api/get";
import { type Results, ROWS, readText, type Scope, sendQuery, TooLarge } from "../api/sparql";

export type Outcome =
  | { readonly form: "rows"; readonly results: Results; readonly most: number; readonly took: number }
  | { readonly form: "truth"; readonly truth: boolean; readonly took: number }
  | { readonly form: "graph"; readonly turtle: string; readonly most: number; readonly took: number }
  | { readonly form: "large"; readonly took: number };

const TURTLE = "text/turtle";

export async function run(query: string, scope: Scope, stop: AbortSignal): Promise<Outcome> {
  const begun = performance.now();
  const since = () => performance.now() - begun;
  try {
    const response = await sendQuery(query, `${ROWS}, ${TURTLE}`, stop, scope);
    const most = Number(response.headers.get("X-SPARQL-MaxRows")) || 0;
    const isGraph = response.headers.get("Content-Type")?.startsWith(TURTLE);
    const text = await readText(response);
    if (isGraph) return { form: "graph", turtle: text, most, took: since() };
    const results = parse(text);
    if (results.boolean !== undefined) return { form: "truth", truth: results.boolean, took: since() };
    return { form: "rows", results, most, took: since() };
  } catch (error) {
    if (error instanceof TooLarge) return { form: "large", took: since() };
    if (error instanceof RequestError || stop.aborted) throw error;
    throw new RequestError(0, ""); // the connection broke in the middle
  }
}

function parse(text: string): Results {
  try {
    return JSON.parse(text) as Results;
  } catch {
    throw new RequestError(0, ""); // the answer broke off
  }
}
