// The whole state of the explorer is in its address, which is that of the page with the same content: /questions/name?parameter=value
import { useSyncExternalStore } from "preact/compat";
import { isSite, ROOT } from "../api/site";
import type { Language } from "../api/types";

interface Route {
  readonly view: string;
  readonly name: string;
  readonly params: URLSearchParams;
}

/** The base of the IRIs of the project. Their rest is the path of their pages. */
export const BASE = "https://w3id.org/nevkg/";
export const LANGUAGES: readonly Language[] = ["en", "zh"];
/** The view of addresses whose pages have no view here: the browser loads them. */
export const PAGE = "page";
/** The parameter for the day that all views show. */
export const AS_OF = "as_of";
/** The parameter of a page within a page of another site. */
export const EMBED = "embed";
/** Parameters that are kept when the view changes. */
const SHARED = ["lang", "known_by", AS_OF, EMBED];
/** Views that always show the day of the dataset. */
const UNDATED_VIEWS = ["", "story"];
/** The name of that parameter in questions, also accepted in addresses. */
export const AS_OF_PARAMETER = "asOf";

/** The views with a folder, in which the names of what they show are. */
const FOLDERS: Readonly<Record<string, string>> = { questions: "ask", stories: "story", quality: "quality" };
/** The views with one page, and the parameter with the name of what they show. */
export const NAMED_BY: Readonly<Record<string, string>> = {
  map: "question",
  timeline: "question",
  explore: "",
  sparql: "",
  ontology: "term",
};
/** The parameter for a table of the page of quality. */
export const TABLE = "table";
/** The parameter for a topic of the catalogue of questions. */
export const TOPIC = "topic";
/** The parameters of pages that are not parameters of their view. */
const OF_PAGES: Readonly<Record<string, readonly string[]>> = { quality: ["page"], thing: ["page"] };
/** The view of an entity, whose name is prefixed: the prefix is its folder. */
const ENTITY = "thing";
const ENTITY_PATH = /^([a-z]+)\/([\p{L}\p{N}_][\p{L}\p{N}_.-]*)$/u;
/** Folders of documents, and of IRIs whose prefix has another name. */
const NO_ENTITIES = new Set(
  "answers api assets cite engine episode feeds graph ontology passage question release releases snapshot statement static vocabulary".split(
    " ",
  ),
);
const DOCUMENT = /\.(?:atom|json|jsonld|nq|nt|rdf|rq|trig|ttl)$/;
/** A graph in a single file has no other pages, so its state is in the part of the address after "#". */
const IS_FILE = typeof location !== "undefined" && location.protocol === "file:";
const OLD = "#/";

/** Returns the route of an address; of one that begins with "#/", as they were in the first edition, the route that it had. */
export function parse(address: string): Route {
  const { href, pathname, searchParams, hash } = new URL(address, ROOT);
  if (hash.startsWith(OLD)) return parseOld(hash.slice(OLD.length));
  const params = renameDay(searchParams);
  const path = decode(href.startsWith(ROOT) ? pathname.slice(new URL(ROOT).pathname.length) : pathname);
  return { ...parsePath(isSite ? readLanguage(path, params) : path, params, hash), params };
}

/** Returns the path of a page of a site without the folder of its language, which becomes a parameter, and without its suffix. */
function readLanguage(path: string, params: URLSearchParams): string {
  const [, folder, rest = ""] = /^(?:([a-z]{2})\/)?(.*?)(?:\.html)?$/.exec(path) ?? [];
  const isLanguage = LANGUAGES.includes(folder as Language);
  const rootPath = isLanguage || !folder ? rest : `${folder}/${rest}`;
  const isHome = rootPath === "" || rootPath === "index";
  if (isLanguage) params.set("lang", folder as Language);
  else if (!isHome && !params.has("lang")) params.set("lang", LANGUAGES[0] as Language);
  return isHome ? "" : rootPath;
}

function parsePath(path: string, params: URLSearchParams, hash: string): Omit<Route, "params"> {
  const [first = "", ...rest] = path.replace(/\/$/, "").split("/");
  const name = rest.join("/");
  if (first === "" || path === "index.html") return { view: "", name: "" };
  if (FOLDERS[first]) return { view: FOLDERS[first], name };
  const parameter = NAMED_BY[first];
  if (parameter !== undefined && !name) {
    const shown = params.get(parameter) ?? "";
    params.delete(parameter);
    // The IRI of a term has its name after "#".
    return { view: first, name: shown || (parameter === NAMED_BY.ontology && hash.length > 1 ? `${BASE}${path}${hash}` : "") };
  }
  const isEntity = ENTITY_PATH.test(path) && !NO_ENTITIES.has(first) && !DOCUMENT.test(path);
  return isEntity ? { view: ENTITY, name: `${first}:${name}` } : { view: PAGE, name: path };
}

/** Returns the prefixed name of an entity of the project; the IRI of anything else. */
export function nameOf(iri: string): string {
  const [, folder = "", slug = ""] = (iri.startsWith(BASE) && ENTITY_PATH.exec(iri.slice(BASE.length))) || [];
  return folder && !NO_ENTITIES.has(folder) ? `${folder}:${slug}` : iri;
}

function parseOld(text: string): Route {
  const [path = "", query = ""] = splitOnce(text, "?");
  const [view = "", ...rest] = path.split("/").map(decode);
  const params = renameDay(new URLSearchParams(query));
  if (view === FOLDERS.quality) return parseOldQuality(rest.join("/"), params);
  if (!view || view === ENTITY || view in NAMED_BY || Object.values(FOLDERS).includes(view)) return { view, name: rest.join("/"), params };
  return parse(text);
}

/** Tables had names like those of pages, and the name of a check was a parameter. */
function parseOldQuality(name: string, params: URLSearchParams): Route {
  const check = params.get("check");
  params.delete("check");
  if (name && name !== "checks") params.set(TABLE, name);
  return { view: "quality", name: name === "checks" ? [name, check].filter(Boolean).join("/") : "", params };
}

function renameDay(params: URLSearchParams): URLSearchParams {
  const day = params.get(AS_OF_PARAMETER);
  if (day) params.set(AS_OF, day);
  params.delete(AS_OF_PARAMETER);
  return params;
}

/** Returns the address of a route on this host. */
export function format(route: Route): string {
  return IS_FILE ? `${OLD}?${route.params}` : pageAddress(...pathOf(route));
}

/** Returns the path of a route from the root of a server, and its parameters. */
function pathOf({ view, name, params }: Route): [path: string, params: URLSearchParams] {
  const given = new URLSearchParams(params);
  const folder = Object.entries(FOLDERS).find(([, other]) => other === view)?.[0];
  const parameter = NAMED_BY[view];
  if (parameter && name) given.set(parameter, name);
  if (view === PAGE) return [name, given];
  if (view === ENTITY) return [name.startsWith(BASE) ? name.slice(BASE.length) : name.replace(":", "/"), given];
  return [folder ? [folder, name].filter(Boolean).join("/") : view, given];
}

/** Names without files on a site, since there are tens of thousands of them: one page renders them in the browser. */
const WITHOUT_FILE = /^(?:statement|episode|passage|graph|snapshot|search|cite|api)\b/;

/** Returns the address of the page with a path, which may have a fragment, and with parameters. */
export function pageAddress(path: string, params: URLSearchParams): string {
  const [bare = "", fragment] = splitOnce(path, "#");
  const query = new URLSearchParams(params);
  const lang = query.get("lang");
  const encoded = bare.split("/").map(encode).join("/");
  const end = () => `${query.size ? `?${query}` : ""}${fragment ? `#${encode(fragment)}` : ""}`;
  const root = new URL(ROOT).pathname;
  if (!isSite) return `${root}${encoded}${end()}`;
  if (WITHOUT_FILE.test(bare)) return `${root}page.html#/${encoded}${end()}`;
  const folder = lang && lang !== LANGUAGES[0] ? `${lang}/` : "";
  if (bare || folder) query.delete("lang"); // the first page of a site is in the language of the browser
  return `${root}${folder}${encoded && `${encoded}.html`}${end()}`;
}

/** Returns the path and the parameters of a page on a server, relative to its root, for the address of the page here. */
export function serverPath(address: string): string {
  const [path, params] = pathOf(parse(address));
  return `${path}?${params}`;
}

/** Returns the address of the file of a page of a site; undefined if there is none, since the address has parameters. */
export function fileAddress(address: string): string | undefined {
  const [path, params] = pathOf(parse(address));
  const lang = params.get("lang");
  for (const name of ["lang", EMBED]) params.delete(name);
  return params.size ? undefined : pageAddress(path, new URLSearchParams(lang && lang !== LANGUAGES[0] ? { lang } : {}));
}

/** Returns the address of what the server writes for a route, without the parameters of the view, such as that of the evidence panel. */
export function contentAddress({ view, name, params }: Route, lang: Language): string {
  const names = [...SHARED, ...(OF_PAGES[view] ?? [])];
  const given = new URLSearchParams([...params].filter(([key]) => names.includes(key)));
  if (isSite) given.set("lang", lang); // where it is the folder of the file
  return format({ view, name: view in NAMED_BY ? "" : name, params: given }); // one page has all of them, with their names as anchors
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

const CHANGE = "popstate";

function subscribe(listener: () => void): () => void {
  addEventListener(CHANGE, listener);
  return () => removeEventListener(CHANGE, listener);
}

let cached = { href: "", route: parse("") };
/** Returns the route of the page: the same object until the address changes. */
export function currentRoute(): Route {
  if (location.href !== cached.href) cached = { href: location.href, route: parse(location.href) };
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
  const { href } = new URL(to, location.href);
  if (href === location.href) return;
  if (parse(href).view === PAGE && parse(href).name !== currentRoute().name) {
    location.assign(href);
    return;
  }
  history[replace ? "replaceState" : "pushState"](null, "", href);
  dispatchEvent(new PopStateEvent(CHANGE));
}

/** Changes parameters of the current view. */
export function set(changes: Changes, replace = false): void {
  go(hrefWith(changes), replace);
}

/** Returns what two addresses have in common if they differ only in the parameters of their view. */
function pageKey(address: string): string {
  const { view, params } = parse(address);
  return [address.split(/[?#]/)[0], ...(OF_PAGES[view] ?? []).map((name) => params.get(name))].join(" ");
}

/** Returns whether a click follows a link here, not in another tab or window. */
export function isPlain(event: MouseEvent): boolean {
  return !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

/** Follows links to views without loading their pages, and leads from old addresses, which begin with "#/", to present ones. */
export function followLinks(): void {
  const replaceOld = () => {
    if (location.hash.startsWith(OLD)) go(format(currentRoute()), true);
  };
  replaceOld();
  addEventListener("hashchange", replaceOld);
  let page = currentRoute();
  addEventListener(CHANGE, () => {
    const last = page;
    page = currentRoute();
    if (page.view === PAGE && page.name !== last.name) location.reload();
  });
  addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || event.defaultPrevented || !isPlain(event)) return;
    const { href, hash, origin } = new URL(link.getAttribute("href") ?? "", location.href);
    const isHere = href.split("#")[0] === location.href.split("#")[0];
    if (!href.startsWith(ROOT) || origin !== location.origin || link.hasAttribute("target") || link.hasAttribute("download")) return;
    if ((isHere && hash && !hash.startsWith(OLD)) || parse(href).view === PAGE) return;
    event.preventDefault();
    const isOtherPage = pageKey(href) !== pageKey(location.href);
    go(hash.startsWith(OLD) ? format(parse(href)) : href);
    if (isOtherPage) scrollTo(0, 0);
  });
}
