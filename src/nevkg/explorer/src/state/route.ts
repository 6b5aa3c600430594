// Every state of the explorer is in its address: #/view/name?parameter=value
import { useSyncExternalStore } from "preact/compat";

export interface Route {
  readonly view: string;
  readonly name: string;
  readonly params: URLSearchParams;
}

/** The day that every view is for. */
export const AS_OF = "as_of";
/** Parameters that stay when one goes from view to view. */
const STAYING = ["lang", "known_by", AS_OF];
/** Views that are for the day of the dataset. */
const TODAY = ["", "story"];
/** What the day was called in some views. */
const FORMER = ["asOf", "day"];

export function parse(hash: string): Route {
  const [path = "", query = ""] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const [view = "", ...rest] = path.split("/");
  return { view: decode(view), name: decode(rest.join("/")), params: named(new URLSearchParams(query)) };
}

function named(params: URLSearchParams): URLSearchParams {
  for (const former of FORMER) {
    const day = params.get(former);
    if (day) params.set(AS_OF, day);
    params.delete(former);
  }
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

/** A prefixed name stays readable. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % that somebody typed
  }
}

function subscribe(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

let last = { hash: "", route: parse("") };
/** The present route; the same object for as long as the address is the same. */
export function currentRoute(): Route {
  if (location.hash !== last.hash) last = { hash: location.hash, route: parse(location.hash) };
  return last.route;
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, currentRoute);
}

export type Changes = Readonly<Record<string, string | readonly string[] | null | undefined>>;

/** The same parameters with some changed; null or an empty value takes one away. */
export function applyChanges(params: URLSearchParams, changes: Changes): URLSearchParams {
  const made = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    made.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) if (one) made.append(name, one as string);
  }
  return made;
}

/** The address of a view. */
export function href(view: string, name = "", changes: Changes = {}): string {
  const staying = new URLSearchParams(
    [...currentRoute().params].filter(([key]) => STAYING.includes(key) && (key !== AS_OF || !TODAY.includes(view))),
  );
  return format({ view, name, params: applyChanges(staying, changes) });
}

/** The address of this view with other parameters. */
export function hrefWith(changes: Changes): string {
  const route = currentRoute();
  return format({ ...route, params: applyChanges(route.params, changes) });
}

/** Goes there; `replace` where "back" should not lead to what was before, as for each letter that is typed. */
export function go(to: string, replace = false): void {
  if (to === location.hash) return;
  if (!replace) {
    location.hash = to;
    return;
  }
  history.replaceState(null, "", to);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Changes parameters of this view. */
export function set(changes: Changes, replace = false): void {
  go(hrefWith(changes), replace);
}
