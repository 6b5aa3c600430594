// Runs queries of any form.
import { RequestError } from "../api/get";
import { type Results, ROWS, readText, type Scope, sendQuery, TooLarge } from "../api/sparql";

export type Outcome =
  | { readonly form: "rows"; readonly results: Results; readonly maxRows: number; readonly duration: number }
  | { readonly form: "truth"; readonly truth: boolean; readonly duration: number }
  | { readonly form: "graph"; readonly turtle: string; readonly maxRows: number; readonly duration: number }
  | { readonly form: "large"; readonly duration: number };

const TURTLE = "text/turtle";

/** Runs a query and returns its result by form. */
export async function run(query: string, scope: Scope, signal: AbortSignal): Promise<Outcome> {
  const start = performance.now();
  const elapsed = () => performance.now() - start;
  try {
    const response = await sendQuery(query, `${ROWS}, ${TURTLE}`, signal, scope);
    const maxRows = Number(response.headers.get("X-SPARQL-MaxRows")) || 0;
    const isGraph = response.headers.get("Content-Type")?.startsWith(TURTLE);
    const text = await readText(response);
    if (isGraph) return { form: "graph", turtle: text, maxRows, duration: elapsed() };
    const results = parse(text);
    if (results.boolean !== undefined) return { form: "truth", truth: results.boolean, duration: elapsed() };
    return { form: "rows", results, maxRows, duration: elapsed() };
  } catch (error) {
    if (error instanceof TooLarge) return { form: "large", duration: elapsed() };
    if (error instanceof RequestError || signal.aborted) throw error;
    throw new RequestError(0, ""); // the connection was interrupted
  }
}

function parse(text: string): Results {
  try {
    return JSON.parse(text) as Results;
  } catch {
    throw new RequestError(0, ""); // the response is incomplete
  }
}
