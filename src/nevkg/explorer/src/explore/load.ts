// Loads the parts that the steps need, and caches them while the page is open.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, fetchJson, get, type Query, RequestError } from "../api/get";
import type { Language, Ontology, QuestionHead } from "../api/types";
import { formParameters, requestParams as parametersOf } from "../ask/parameters";
import { useLanguage } from "../state/language";
import { type Drawn, type Neighbours, ofDrawn, ofNeighbours, ofPaths, type Part, type Paths } from "./data";
import { buildGraph, EMPTY, type Graph } from "./graph";
import { ANY, formatStep, type Step, type Story, thingsOf } from "./steps";

const MOST = 1000; // neighbours of a kind in one answer

export interface Projection extends QuestionHead {
  readonly expand: string | null;
}

const parts = new Map<string, Part>();

/** Loads all neighbours at all times. There are few enough to filter here, so no address has to list the visible nodes. */
export async function loadThing(name: string, lang: Language, stop?: AbortSignal): Promise<Part> {
  const key = keyOf(lang, "thing", name);
  const known = parts.get(key);
  if (known) return known;
  const page = (offset: number) => ask<Neighbours>("api/neighbours", { iri: name, history: true, limit: MOST, offset, lang }, stop);
  const first = await page(0);
  const pages = [first];
  while (pages.at(-1)?.groups.some((group) => group.truncated)) pages.push(await page(pages.length * MOST));
  const part = ofNeighbours({
    ...first,
    groups: pages.flatMap((one) => one.groups),
    edges: pages.flatMap((one) => one.edges),
    sources: pages.flatMap((one) => one.sources),
  });
  parts.set(key, part);
  return part;
}

/** The parameters of a projection that a form shows; its times are chosen in the graph. */
export function asking(projection: Projection): Pick<QuestionHead, "name" | "parameters"> {
  const parameters = formParameters(projection).filter((one) => one.name !== "asOf" && one.name !== "history");
  return { name: projection.name, parameters };
}

async function loadProjection(name: string, query: string, lang: Language, stop: AbortSignal): Promise<Part> {
  const { projections } = await get<{ projections: Projection[] }>("api/graph");
  const projection = projections.find((one) => one.name === name);
  if (!projection) throw new RequestError(404, name);
  const history = projection.parameters.some((one) => one.name === "history");
  const params = parametersOf(asking(projection), new URLSearchParams(query));
  const [drawn, ontology] = await Promise.all([
    ask<Drawn>(`api/graph/${name}`, { ...params, lang, ...(history ? { history: true } : {}) }, stop),
    get<Ontology>("api/ontology", { lang }),
  ]);
  return ofDrawn(drawn, ontology.classes);
}

async function loadPath(step: Step & { do: "path" }, lang: Language, stop: AbortSignal): Promise<Part> {
  const day = step.day === ANY ? {} : { as_of: step.day };
  const found = await ask<Paths>("api/path", { from: step.name, to: step.to, lang, ...day }, stop);
  const ends = new Set([found.from, found.to, ...found.steps.flatMap((one) => [one.subject.iri, one.object.iri])]);
  // A path names things by IRI and label only.
  const known = await Promise.all([...ends].map((iri) => loadThing(iri, lang, stop)));
  return ofPaths(
    found,
    known.flatMap((part) => part.nodes.slice(0, 1)),
  );
}

function ask<T>(path: string, query: Query, stop?: AbortSignal): Promise<T> {
  return fetchJson<T>(address(path, query), { headers: { Accept: "application/json" } }, stop);
}

function keyOf(lang: Language, what: string, rest: string): string {
  return `${lang} ${what} ${rest}`;
}

export interface GraphState {
  readonly graph: Graph;
  /** Whether a request is pending; `looking` if it is for a path, which takes longer. */
  readonly waiting: boolean;
  readonly looking: boolean;
  readonly error?: RequestError;
  readonly retry: () => void;
  readonly pathOf: (step: Step) => Part | undefined;
}

/** Returns the graph of a story, or the previous graph while it loads. `query` holds the parameters of the projection. */
export function useGraph(story: Story, query: string): GraphState {
  const lang = useLanguage();
  const [error, fail] = useState<RequestError>();
  const [arrived, arrive] = useState(0);
  const [attempt, again] = useState(0);
  const needs = useMemo(() => needed(story, query, lang), [story, query, lang]);
  const missing = [...needs.keys()].filter((key) => !parts.has(key));
  const list = missing.join("\n");
  useEffect(() => {
    fail(undefined);
    if (!list) return;
    const stop = new AbortController();
    const load = async (key: string) => {
      parts.set(key, (await needs.get(key)?.load(stop.signal)) as Part);
    };
    Promise.all(missing.map(load)).then(
      () => !stop.signal.aborted && arrive((count) => count + 1),
      (reason: unknown) => !stop.signal.aborted && fail(reason instanceof RequestError ? reason : new RequestError(0, String(reason))),
    );
    return () => stop.abort();
  }, [list, attempt]);
  const last = useRef(EMPTY);
  const there = !missing.length || Boolean(error);
  const pathOf = (step: Step) => parts.get(keyOf(lang, "step", formatStep(step)));
  const graph = useMemo(() => {
    if (!there) return last.current;
    last.current = buildGraph(story, {
      thing: (name) => parts.get(keyOf(lang, "thing", name)),
      projection: parts.get(keyOf(lang, "from", `${story.from} ${query}`)),
      path: pathOf,
    });
    return last.current;
  }, [story, query, lang, arrived, there]);
  return {
    graph,
    waiting: !there,
    looking: !there && missing.some((key) => key.startsWith(keyOf(lang, "step", ""))),
    ...(error ? { error } : {}),
    retry: () => again((count) => count + 1),
    pathOf,
  };
}

interface Need {
  readonly load: (stop: AbortSignal) => Promise<Part>;
}

function needed(story: Story, query: string, lang: Language): Map<string, Need> {
  const needs = new Map<string, Need>();
  if (story.from) {
    needs.set(keyOf(lang, "from", `${story.from} ${query}`), { load: (stop) => loadProjection(story.from, query, lang, stop) });
  }
  for (const name of thingsOf(story)) needs.set(keyOf(lang, "thing", name), { load: (stop) => loadThing(name, lang, stop) });
  for (const step of story.steps) {
    if (step.do === "path") needs.set(keyOf(lang, "step", formatStep(step)), { load: (stop) => loadPath(step, lang, stop) });
  }
  return needs;
}
