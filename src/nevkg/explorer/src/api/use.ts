import { useCallback, useEffect, useState } from "preact/hooks";
import { address, getUrl, type Query, RequestError } from "./get";

/** Where a request stands. While a new one is under way, `before` is what was there. */
export type Loading<T> =
  | { readonly state: "waiting"; readonly before?: T }
  | { readonly state: "failed"; readonly error: RequestError; readonly retry: () => void }
  | { readonly state: "loaded"; readonly data: T };

/** What is at an address of the API; nothing is asked where `path` is null. */
export function useGet<T>(path: string | null, query: Query = {}): Loading<T> {
  const key = path === null ? null : address(path, query);
  const load = useCallback(() => (key === null ? null : getUrl<T>(key)), [key]);
  return useLoading(load);
}

/** What a function gives; it must be kept the same (useCallback) for as long as it means the same. */
export function useLoading<T>(load: () => Promise<T> | null): Loading<T> {
  const [loading, set] = useState<Loading<T>>({ state: "waiting" });
  const [turn, again] = useState(0);
  useEffect(() => {
    let wanted = true;
    const coming = load();
    set((last) => (last.state === "loaded" ? { state: "waiting", before: last.data } : { state: "waiting" }));
    coming?.then(
      (data) => wanted && set({ state: "loaded", data }),
      (error: unknown) =>
        wanted &&
        set({
          state: "failed",
          error: error instanceof RequestError ? error : new RequestError(0, String(error)),
          retry: () => again((count) => count + 1),
        }),
    );
    return () => {
      wanted = false;
    };
  }, [load, turn]);
  return loading;
}
