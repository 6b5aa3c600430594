import { useCallback, useEffect, useState } from "preact/hooks";
import { address, getUrl, type Query, RequestError } from "./get";

/** The state of a request. While another one is running, `before` has the previous data. */
export type Loading<T> =
  | { readonly state: "waiting"; readonly before?: T }
  | { readonly state: "failed"; readonly error: RequestError; readonly retry: () => void }
  | { readonly state: "loaded"; readonly data: T };

/** Loads a document of the API; sends no request if `path` is null. */
export function useGet<T>(path: string | null, query: Query = {}): Loading<T> {
  const url = path === null ? null : address(path, query);
  const load = useCallback(() => (url === null ? null : getUrl<T>(url)), [url]);
  return useLoading(load);
}

/** Loads data with a function, again whenever the function changes; wrap it in `useCallback`. */
export function useLoading<T>(load: () => Promise<T> | null): Loading<T> {
  const [loading, set] = useState<Loading<T>>({ state: "waiting" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const promise = load();
    set((last) => (last.state === "loaded" ? { state: "waiting", before: last.data } : { state: "waiting" }));
    promise?.then(
      (data) => isCurrent && set({ state: "loaded", data }),
      (error: unknown) =>
        isCurrent &&
        set({
          state: "failed",
          error: error instanceof RequestError ? error : new RequestError(0, String(error)),
          retry: () => setAttempt((count) => count + 1),
        }),
    );
    return () => {
      isCurrent = false;
    };
  }, [load, attempt]);
  return loading;
}
