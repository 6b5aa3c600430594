// The whole state of the explorer is in its address: #/view/name?parameter=value
import { useSyncExternalStore } from "preact/compat";

interface Route {
  readonly view: string;
  readonly name: string;
  readonly params: URLSearchParams;
}

/** The parameter for the day that all views show. */
export const AS_OF = "as_of";
/** Parameters that are kept when the view changes. */
const SHARED = ["lang", "known_by", AS_OF];
/** Views that always show the day of the dataset. */
const UNDATED_VIEWS = ["", "story"];
/** The name of that parameter in questions, also accepted in addresses. */
export const AS_OF_PARAMETER = "asOf";

export function parse(hash: string): Route {
  const [path = "", query = ""] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const [view = "", ...rest] = path.split("/");
  return { view: decode(view), name: decode(rest.join("/")), params: renameDay(new URLSearchParams(query)) };
}

function renameDay(params: URLSearchParams): URLSearchParams {
  const day = params.get(AS_OF_PARAMETER);
  if (day) params.set(AS_OF, day);
  params.delete(AS_OF_PARAMETER);
  return params;
}

export function format(route: Route): string {
  const path = [route.view, route.name].filter(Boolean).map(encode).join("/");
  const query = route.params.toString();
  return `#/${path}${query ? `?${query}` : ""}`;
}

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Encodes all but the colon, so that prefixed names stay readable. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a typed % that encodes nothing
  }
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

let cached = { hash: "", route: parse("") };
/** Returns the route of the page: the same object until the address changes. */
export function currentRoute(): Route {
  if (location.hash !== cached.hash) cached = { hash: location.hash, route: parse(location.hash) };
  return cached.route;
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, currentRoute);
}

export type Changes = Readonly<Record<string, string | readonly string[] | null | undefined>>;

/** Returns a copy of the parameters with changes; null or an empty value removes a parameter. */
export function applyChanges(params: URLSearchParams, changes: Changes): URLSearchParams {
  const result = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    result.delete(name);
    for (const item of Array.isArray(value) ? value : [value]) if (item) result.append(name, item as string);
  }
  return result;
}

/** Returns the address of a view. */
export function href(view: string, name = "", changes: Changes = {}): string {
  const shared = new URLSearchParams(
    [...currentRoute().params].filter(([key]) => SHARED.includes(key) && (key !== AS_OF || !UNDATED_VIEWS.includes(view))),
  );
  return format({ view, name, params: applyChanges(shared, changes) });
}

/** Returns the address of the current view with changed parameters. */
export function hrefWith(changes: Changes): string {
  const route = currentRoute();
  return format({ ...route, params: applyChanges(route.params, changes) });
}

/** Goes to an address; with `replace`, without a history entry of its own, as for each typed letter. */
export function go(to: string, replace = false): void {
  if (to === location.hash) return;
  if (!replace) {
    location.hash = to;
    return;
  }
  history.replaceState(null, "", to);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Changes parameters of the current view. */
export function set(changes: Changes, replace = false): void {
  go(hrefWith(changes), replace);
}
