import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { useGet } from "../api/use";
import { Form } from "../ask/form";
import { useFormerNames } from "../ask/former-names";
import { useClassColors } from "../state/colors";
import { localize, useLanguage, useWords } from "../state/language";
import { AS_OF, href, set, useRoute } from "../state/route";
import { Combobox } from "../ui/combobox";
import { Empty, ErrorMessage, Waiting } from "../ui/loaded";
import { Begin } from "./begin";
import { findThings } from "./find";
import { asking, type Projection, useGraph } from "./load";
import { shapesOf } from "./look";
import type { Actions } from "./node-panel";
import { PathsPanel } from "./paths";
import { ANY, formatStep, type Step, storyOf } from "./steps";
import { GraphView } from "./view";
import { words } from "./words";
import "./explore.css";

/** The graph, from what one begins with, step by step. */
export function Explore() {
  const { params } = useRoute();
  return params.has("thing") || params.has("from") || params.has("step") ? <Graph /> : <Begin />;
}

function Graph() {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const projections = useGet<{ projections: Projection[] }>("api/graph");
  const from = params.get("from") ?? "";
  const projection = projections.state === "loaded" ? projections.data.projections.find((one) => one.name === from) : undefined;
  const form = useMemo(() => projection && asking(projection), [projection]);
  useFormerNames(form, params);

  const key = JSON.stringify([params.getAll("thing"), from, params.getAll("step")]);
  const story = useMemo(() => storyOf(params), [key]);
  const query = new URLSearchParams(
    (form?.parameters ?? []).flatMap(({ name }) => params.getAll(name).map((value): [string, string] => [name, value])),
  ).toString();
  const { graph, waiting, looking, error, retry, pathOf } = useGraph(story, query);
  const colors = useClassColors();
  const shapes = useMemo(() => shapesOf(colors), [colors]);

  const undone = useRef<Step[]>([]);
  const write = useCallback((steps: readonly Step[], also: Readonly<Record<string, string | null>> = {}) => {
    set({ step: steps.map(formatStep), ...also });
  }, []);
  const take = (step: Step, also: Readonly<Record<string, string | null>> = {}) => {
    undone.current = [];
    write([...story.steps, step], also);
  };
  const undo = () => {
    const last = story.steps.at(-1);
    if (!last) return;
    undone.current.push(last);
    write(story.steps.slice(0, -1));
  };
  const redo = () => {
    const next = undone.current.pop();
    if (next) write([...story.steps, next]);
  };
  useUndoKeys(undo, redo);
  const actions: Actions = {
    grow: (name, kind, count) => take({ do: "grow", name, kind, count }),
    fold: (name) => take({ do: "fold", name }),
    hide: (name) => take({ do: "hide", name }, { chosen: null }),
  };

  const title = projection
    ? localize(projection.title, tongue)
    : [...graph.roots].map((name) => graph.nodes.get(name)?.label ?? name).join(", ");
  return (
    <div class="exploring">
      <h1 class={projection ? "" : "unseen"}>{title || w.title}</h1>
      {form && <Form question={form} base="api/graph" />}
      {error && <ErrorMessage error={error} retry={retry} />}
      <div class={waiting ? "stale growing" : "growing"} aria-busy={waiting}>
        {waiting && <Waiting />}
        {graph.nodes.size === 0 ? (
          !waiting && (
            <Empty>
              {w.empty} <a href={href("explore")}>{w.restart}</a>
            </Empty>
          )
        ) : (
          <GraphView
            graph={graph}
            title={title}
            shapes={shapes}
            actions={actions}
            tools={
              <>
                <div class="adding">
                  <Combobox
                    label={w.adding}
                    hidden
                    placeholder={`${w.adding} …`}
                    find={findThings}
                    choose={({ value }) => take({ do: "add", name: value }, { chosen: value, side: null })}
                  />
                </div>
                <div class="views">
                  <button type="button" disabled={!story.steps.length} onClick={undo}>
                    {w.undo}
                  </button>
                  <button type="button" disabled={!undone.current.length} onClick={redo}>
                    {w.redo}
                  </button>
                </div>
                <a href={href("explore")}>{w.restart}</a>
              </>
            }
            paths={
              <PathsPanel
                graph={graph}
                steps={story.steps}
                pathOf={pathOf}
                looking={looking}
                find={(name, to) => take({ do: "path", name, to, day: dayOf(params, graph.asOf) }, { chosen: null })}
                cancel={() => write(story.steps.filter((step) => step.do !== "path" || pathOf(step)))}
              />
            }
          />
        )}
      </div>
    </div>
  );
}

/** The day for which paths are looked for: the one shown, if one is. */
function dayOf(params: URLSearchParams, asOf: string): string {
  const day = params.get(AS_OF);
  return day && /^\d{4}-\d{2}-\d{2}$/.test(day) && day < asOf ? day : ANY;
}

function useUndoKeys(undo: () => void, redo: () => void): void {
  const now = useRef({ undo, redo });
  now.current = { undo, redo };
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select");
      if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const letter = event.key.toLowerCase();
      if (letter === "z" && !event.shiftKey) now.current.undo();
      else if (letter === "y" || letter === "z") now.current.redo();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);
}
