// What the query in the address is asked of.
import type { Scope } from "../api/sparql";
import { useRoute } from "../state/route";

/** The scope of the address. */
export function useScope(): Scope {
  return scopeOf(useRoute().params);
}

export function scopeOf(params: URLSearchParams): Scope {
  const day = params.get("as_of");
  if (params.get("over") === "record") return { over: "record" };
  return day ? { as_of: day } : {};
}

/** The same scopes have the same key. */
export function keyOf(scope: Scope): string {
  return scope.over === "record" ? "record" : (scope.as_of ?? "");
}
