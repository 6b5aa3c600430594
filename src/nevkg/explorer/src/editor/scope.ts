// The scope of the query in the address.
import type { Scope } from "../api/sparql";
import { useRoute } from "../state/route";

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
