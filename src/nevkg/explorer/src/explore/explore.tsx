import { useEffect, useMemo, useRef } from "preact/hooks";
import { useGet } from "../api/requests";
import { Form } from "../ask/form";
import { useOwnNames } from "../ask/parameters";
import { useClassColors } from "../state/colors";
import { localize, useLanguage, useWords } from "../state/language";
import { AS_OF, type Changes, href, set, useRoute } from "../state/route";
import { Combobox } from "../ui/combobox";
import { Empty, ErrorMessage, Loaded, Waiting } from "../ui/loading";
import { formOf, type Projection, searchEntities, useGraph } from "./load";
import type { Actions } from "./panel";
import { PathsPanel } from "./paths";
import { StartPage } from "./start";
import { ANY, findExpandedEntities, formatStep, parseExploration, type Step } from "./steps";
import { shapesOf } from "./style";
import { GraphView } from "./view";
import { words } from "./words";
import "./explore.css";

/** The graph view, or its start page if the address names no entity, projection or step. */
export function Explore() {
  const { params } = useRoute();
  const isProjected = params.has("from");
  const loading = useGet<{ projections: Projection[] }>(isProjected ? "api/graph" : null);
  // Without its parameters, a projection would be requested whole.
  if (isProjected) return <Loaded of={loading}>{({ projections }) => <Graph projections={projections} />}</Loaded>;
  return params.has("thing") || params.has("step") ? <Graph projections={[]} /> : <StartPage />;
}

function Graph({ projections }: { projections: readonly Projection[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const from = params.get("from") ?? "";
  const projection = projections.find(({ name }) => name === from);
  const form = useMemo(() => projection && formOf(projection), [projection]);
  useOwnNames(form, params);

  const keyOf = (steps: readonly string[]) => JSON.stringify([params.getAll("thing"), from, steps]);
  const key = keyOf(params.getAll("step"));
  const exploration = useMemo(() => parseExploration(params), [key]);
  const query = new URLSearchParams(
    (form?.parameters ?? []).flatMap(({ name }) => params.getAll(name).map((value): [string, string] => [name, value])),
  ).toString();
  const { graph, isLoading, isFindingPaths, error, retry, pathOf, neighboursOf } = useGraph(exploration, query);
  const colors = useClassColors();
  const shapes = useMemo(() => shapesOf(colors), [colors]);

  // Steps can be redone only in the graph in which they were undone.
  const undone = useRef<{ readonly steps: readonly Step[]; readonly key: string }>({ steps: [], key: "" });
  const redoable = undone.current.key === key ? undone.current.steps : [];
  const setSteps = (steps: readonly Step[], changes: Changes = {}) => set({ step: steps.map(formatStep), ...changes });
  const addStep = (step: Step, changes: Changes = {}) => setSteps([...exploration.steps, step], changes);
  const goTo = (steps: readonly Step[], undoneSteps: readonly Step[]) => {
    undone.current = { steps: undoneSteps, key: keyOf(steps.map(formatStep)) };
    setSteps(steps);
  };
  const undo = () => {
    const last = exploration.steps.at(-1);
    if (last) goTo(exploration.steps.slice(0, -1), [...redoable, last]);
  };
  const redo = () => {
    const next = redoable.at(-1);
    if (next) goTo([...exploration.steps, next], redoable.slice(0, -1));
  };
  useUndoKeys(undo, redo);
  const actions: Actions = {
    grow: (name, kind, count) => addStep({ do: "grow", name, kind, count }),
    fold: (name) => addStep({ do: "fold", name }),
    hide: (name) => addStep({ do: "hide", name }, { chosen: null }),
  };

  const title = projection
    ? localize(projection.title, lang)
    : [...graph.roots].map((name) => graph.nodes.get(name)?.label ?? name).join(", ");
  return (
    <div class="exploration">
      <h1 class={projection ? "" : "unseen"}>{title || w.title}</h1>
      {form && <Form question={form} base="api/graph" />}
      {error && <ErrorMessage error={error} retry={retry} />}
      <div class={isLoading ? "stale loading" : "loading"} aria-busy={isLoading}>
        {isLoading && <Waiting />}
        {graph.nodes.size === 0 ? (
          !isLoading && (
            <Empty>
              {!error && w.empty} <a href={href("explore")}>{w.restart}</a>
            </Empty>
          )
        ) : (
          <GraphView
            graph={graph}
            title={title}
            shapes={shapes}
            actions={actions}
            around={findExpandedEntities(exploration).map(neighboursOf)}
            tools={
              <>
                <div class="add-entity">
                  <Combobox
                    label={w.addEntity}
                    hidden
                    placeholder={`${w.addEntity} …`}
                    find={searchEntities}
                    choose={({ value }) => addStep({ do: "add", name: value }, { chosen: value, side: null })}
                  />
                </div>
                <div class="views">
                  <button type="button" disabled={!exploration.steps.length} onClick={undo}>
                    {w.undo}
                  </button>
                  <button type="button" disabled={!redoable.length} onClick={redo}>
                    {w.redo}
                  </button>
                </div>
                <a href={href("explore")}>{w.restart}</a>
              </>
            }
            paths={
              <PathsPanel
                graph={graph}
                steps={exploration.steps}
                pathOf={pathOf}
                isFinding={isFindingPaths}
                find={(name, to) => addStep({ do: "path", name, to, day: pathDay(params, graph.asOf) }, { chosen: null })}
                cancel={() => setSteps(exploration.steps.filter((step) => step.do !== "path" || pathOf(step)))}
              />
            }
          />
        )}
      </div>
    </div>
  );
}

/** Returns the day for which to find paths: the day in the address, if it is before the day of the dataset. */
function pathDay(params: URLSearchParams, asOf: string): string {
  const day = params.get(AS_OF);
  return day && /^\d{4}-\d{2}-\d{2}$/.test(day) && day < asOf ? day : ANY;
}

function useUndoKeys(undo: () => void, redo: () => void): void {
  const handlers = useRef({ undo, redo });
  handlers.current = { undo, redo };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.closest("input, textarea, select");
      if (isTyping || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const letter = event.key.toLowerCase();
      if (letter === "z" && !event.shiftKey) handlers.current.undo();
      else if (letter === "y" || letter === "z") handlers.current.redo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
