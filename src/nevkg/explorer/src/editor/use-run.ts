import { useEffect, useState } from "preact/hooks";
import { RequestError } from "../api/get";
import type { Scope } from "../api/sparql";
import { type Outcome, run } from "./run";
import { keyOf } from "./scope";

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
