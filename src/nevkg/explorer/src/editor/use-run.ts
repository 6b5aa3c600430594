import { useEffect, useState } from "preact/hooks";
import { RequestError } from "../api/get";
import type { Scope } from "../api/sparql";
import { type Outcome, run } from "./run";
import { keyOf } from "./scope";

export type Running =
  | { readonly state: "idle" | "stopped" }
  | { readonly state: "running"; readonly stop: () => void }
  | { readonly state: "failed"; readonly error: RequestError }
  | { readonly state: "done"; readonly outcome: Outcome };

/** Runs a query, and again for each turn; another query, or leaving, ends the one before. */
export function useRun(query: string, scope: Scope, turn: number): Running {
  const [running, set] = useState<Running>({ state: "idle" });
  useEffect(() => {
    if (!query.trim()) return set({ state: "idle" });
    const control = new AbortController();
    let wanted = true;
    const stop = () => {
      control.abort();
      if (wanted) set({ state: "stopped" });
    };
    set({ state: "running", stop });
    run(query, scope, control.signal).then(
      (outcome) => wanted && set({ state: "done", outcome }),
      (error: unknown) =>
        wanted &&
        !control.signal.aborted &&
        set({ state: "failed", error: error instanceof RequestError ? error : new RequestError(0, String(error)) }),
    );
    return () => {
      wanted = false;
      control.abort();
    };
  }, [query, keyOf(scope), turn]);
  return running;
}
