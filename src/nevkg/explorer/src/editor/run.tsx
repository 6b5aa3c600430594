// Runs queries of any form; the scope of a query is in the address.

import { useEffect, useState } from "preact/hooks";
import { RequestError } from "../api/requests";
import { type Results, ROWS, readText, type Scope, sendQuery, TooLarge } from "../api/sparql";
import { useDataset } from "../state/dataset";
import { useWords } from "../state/language";
import { useRoute } from "../state/route";
import { words } from "./words";

/** Returns the scope of the query in the address. */
export function useScope(): Scope {
  return scopeOf(useRoute().params);
}

function scopeOf(params: URLSearchParams): Scope {
  const day = params.get("as_of");
  if (params.get("over") === "record") return { over: "record" };
  return day ? { as_of: day } : {};
}

/** Returns a key that is the same for equal scopes. */
export function keyOf(scope: Scope): string {
  return scope.over === "record" ? "record" : (scope.as_of ?? "");
}

export type Outcome =
  | { readonly form: "rows"; readonly results: Results; readonly maxRows: number; readonly duration: number }
  | { readonly form: "truth"; readonly truth: boolean; readonly duration: number }
  | { readonly form: "graph"; readonly turtle: string; readonly maxRows: number; readonly duration: number }
  | { readonly form: "large"; readonly duration: number };

const TURTLE = "text/turtle";

/** Runs a query and returns its result by form. */
async function run(query: string, scope: Scope, signal: AbortSignal): Promise<Outcome> {
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

export type RunStatus =
  | { readonly state: "idle" | "stopped" }
  | { readonly state: "running"; readonly stop: () => void }
  | { readonly state: "failed"; readonly error: RequestError }
  | { readonly state: "done"; readonly outcome: Outcome };

/** Runs a query, and again when `runCount` changes. Another query, or leaving the view, cancels it. */
export function useRun(query: string, scope: Scope, runCount: number): RunStatus {
  const [status, setStatus] = useState<RunStatus>({ state: "idle" });
  useEffect(() => {
    if (!query.trim()) return setStatus({ state: "idle" });
    const controller = new AbortController();
    let isCurrent = true;
    const stop = () => {
      controller.abort();
      if (isCurrent) setStatus({ state: "stopped" });
    };
    setStatus({ state: "running", stop });
    run(query, scope, controller.signal).then(
      (outcome) => isCurrent && setStatus({ state: "done", outcome }),
      (error: unknown) =>
        isCurrent &&
        !controller.signal.aborted &&
        setStatus({ state: "failed", error: error instanceof RequestError ? error : new RequestError(0, String(error)) }),
    );
    return () => {
      isCurrent = false;
      controller.abort();
    };
  }, [query, keyOf(scope), runCount]);
  return status;
}

/** The choice of the query scope: the facts on a day, or the record. */
export function ScopeChoice({ scope, choose }: { scope: Scope; choose: (scope: Scope) => void }) {
  const w = useWords(words);
  const dataset = useDataset();
  const isRecord = scope.over === "record";
  const day = scope.as_of ?? dataset?.date ?? "";
  return (
    <fieldset class="scope">
      <legend class="unseen">{w.scope}</legend>
      <label>
        <input type="radio" name="over" checked={!isRecord} onChange={() => choose({})} /> {w.snapshot}
      </label>{" "}
      <input
        type="date"
        aria-label={w.day}
        value={day}
        disabled={isRecord}
        onChange={(event) => choose(scopeOfDay(event.currentTarget.value))}
      />
      <label>
        <input type="radio" name="over" checked={isRecord} onChange={() => choose({ over: "record" })} /> {w.record}
      </label>
    </fieldset>
  );
}

function scopeOfDay(day: string): Scope {
  return day ? { as_of: day } : {};
}
