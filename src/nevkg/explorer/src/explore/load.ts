import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, fetchJson, get, type Query, RequestError } from "../api/requests";
import type { Hit, Language, Ontology, QuestionHead } from "../api/types";
import { formParameters, requestParams } from "../ask/parameters";
import { language, useLanguage } from "../state/language";
import type { Suggestion } from "../ui/combobox";
import { convertNeighbours, convertPaths, convertProjection, type Neighbours, type NodeLinkGraph, type Part, type Paths } from "./data";
import { buildGraph, EMPTY, type Graph } from "./graph";
import { ANY, type Exploration, findExpandedEntities, formatStep, type Step } from "./steps";

const MAX_HITS = 15;

/** Searches entities by name; the value of a choice is a short name. */
export async function searchEntities(text: string): Promise<readonly Suggestion[]> {
  if (!text.trim()) return [];
  const { hits } = await get<{ hits: Hit[] }>("api/search", { q: text, lang: language(), limit: MAX_HITS });
  return hits.map((hit) => ({ value: hit.name, label: hit.label, note: hit.kinds.join(", ") }));
}

const PAGE_SIZE = 1000; // neighbours of each class in a response

export interface Projection extends QuestionHead {
  readonly expand: string | null;
}

const parts = new Map<string, Part>();

/** Loads all neighbours of an entity at all times, the most important first. They are filtered here, so that no request has to list the visible nodes. */
export async function loadNeighbours(name: string, lang: Language, stop?: AbortSignal): Promise<Part> {
  const key = keyOf(lang, "neighbours", name);
  const cached = parts.get(key);
  if (cached) return cached;
  const loadPage = (offset: number) =>
    fetchUncached<Neighbours>("api/neighbours", { iri: name, history: true, order: "importance", limit: PAGE_SIZE, offset, lang }, stop);
  const first = await loadPage(0);
  const pages = [first];
  while (pages.at(-1)?.groups.some((group) => group.truncated)) pages.push(await loadPage(pages.length * PAGE_SIZE));
  const part = convertNeighbours({
    ...first,
    groups: pages.flatMap((page) => page.groups),
    edges: pages.flatMap((page) => page.edges),
    sources: pages.flatMap((page) => page.sources),
  });
  parts.set(key, part);
  return part;
}

/** Returns the parameters of a projection that its form shows, without those for times, which the graph has controls for. */
export function formOf(projection: Projection): Pick<QuestionHead, "name" | "parameters"> {
  const parameters = formParameters(projection).filter(({ name }) => name !== "asOf" && name !== "history");
  return { name: projection.name, parameters };
}

async function loadProjection(name: string, query: string, lang: Language, stop: AbortSignal): Promise<Part> {
  const { projections } = await get<{ projections: Projection[] }>("api/graph");
  // An unknown name is requested, too: the server says which ones exist.
  const projection = projections.find((item) => item.name === name);
  const hasHistory = projection?.parameters.some((parameter) => parameter.name === "history");
  const params = projection ? requestParams(formOf(projection), new URLSearchParams(query)) : {};
  const [graph, ontology] = await Promise.all([
    fetchUncached<NodeLinkGraph>(
      `api/graph/${encodeURIComponent(name)}`,
      { ...params, lang, ...(hasHistory ? { history: true } : {}) },
      stop,
    ),
    get<Ontology>("api/ontology", { lang }),
  ]);
  return convertProjection(graph, ontology.classes);
}

async function loadPath(step: Step & { do: "path" }, lang: Language, stop: AbortSignal): Promise<Part> {
  const day = step.day === ANY ? {} : { as_of: step.day };
  const response = await fetchUncached<Paths>("api/path", { from: step.name, to: step.to, lang, ...day }, stop);
  const iris = new Set([response.from, response.to, ...response.steps.flatMap((item) => [item.subject.iri, item.object.iri])]);
  // The response has only the IRIs and labels of entities; their classes and colours are loaded with their neighbours.
  const neighbours = await Promise.all([...iris].map((iri) => loadNeighbours(iri, lang, stop)));
  return convertPaths(
    response,
    neighbours.flatMap((part) => part.nodes.slice(0, 1)),
  );
}

function fetchUncached<T>(path: string, query: Query, stop?: AbortSignal): Promise<T> {
  return fetchJson<T>(address(path, query), { headers: { Accept: "application/json" } }, stop);
}

function keyOf(lang: Language, type: string, name: string): string {
  return `${lang} ${type} ${name}`;
}

interface GraphState {
  readonly graph: Graph;
  readonly isLoading: boolean;
  /** Whether a pending request is for paths, which takes longer. */
  readonly isFindingPaths: boolean;
  readonly error?: RequestError;
  readonly retry: () => void;
  readonly pathOf: (step: Step) => Part | undefined;
  readonly neighboursOf: (name: string) => Part | undefined;
}

/** Returns the graph of an exploration, or the previous graph while it loads. `query` has the parameters of the projection. */
export function useGraph(exploration: Exploration, query: string): GraphState {
  const lang = useLanguage();
  const [error, setError] = useState<RequestError>();
  const [loadCount, setLoadCount] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const loaders = useMemo(() => findLoaders(exploration, query, lang), [exploration, query, lang]);
  const missing = [...loaders.keys()].filter((key) => !parts.has(key));
  const missingKeys = missing.join("\n");
  useEffect(() => {
    setError(undefined);
    if (!missingKeys) return;
    const stop = new AbortController();
    const load = async (key: string) => {
      parts.set(key, (await loaders.get(key)?.(stop.signal)) as Part);
    };
    Promise.all(missing.map(load)).then(
      () => !stop.signal.aborted && setLoadCount((count) => count + 1),
      (reason: unknown) => !stop.signal.aborted && setError(reason instanceof RequestError ? reason : new RequestError(0, String(reason))),
    );
    return () => stop.abort();
  }, [missingKeys, attempt]);
  const last = useRef(EMPTY);
  const isSettled = !missing.length || Boolean(error);
  const pathOf = (step: Step) => parts.get(keyOf(lang, "step", formatStep(step)));
  const neighboursOf = (name: string) => parts.get(keyOf(lang, "neighbours", name));
  const graph = useMemo(() => {
    if (!isSettled) return last.current;
    last.current = buildGraph(exploration, {
      neighbours: neighboursOf,
      projection: parts.get(keyOf(lang, "projection", `${exploration.projection} ${query}`)),
      path: pathOf,
    });
    return last.current;
  }, [exploration, query, lang, loadCount, isSettled]);
  return {
    graph,
    isLoading: !isSettled,
    isFindingPaths: !isSettled && missing.some((key) => key.startsWith(keyOf(lang, "step", ""))),
    ...(error ? { error } : {}),
    retry: () => setAttempt((count) => count + 1),
    pathOf,
    neighboursOf,
  };
}

type Loader = (stop: AbortSignal) => Promise<Part>;

/** Returns functions that load the parts which an exploration needs, by their keys in the cache. */
function findLoaders(exploration: Exploration, query: string, lang: Language): Map<string, Loader> {
  const { projection, steps } = exploration;
  const loaders = new Map<string, Loader>();
  if (projection) {
    loaders.set(keyOf(lang, "projection", `${projection} ${query}`), (stop) => loadProjection(projection, query, lang, stop));
  }
  for (const name of findExpandedEntities(exploration)) {
    loaders.set(keyOf(lang, "neighbours", name), (stop) => loadNeighbours(name, lang, stop));
  }
  for (const step of steps) {
    if (step.do === "path") loaders.set(keyOf(lang, "step", formatStep(step)), (stop) => loadPath(step, lang, stop));
  }
  return loaders;
}
