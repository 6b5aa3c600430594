import type { ComponentType } from "preact";
import { useMemo } from "preact/hooks";
import type { View as ViewName } from "../api/types";
import { useWords } from "../state/language";
import { hrefWith, useRoute } from "../state/route";
import { ErrorBoundary, lazy } from "../ui/loading";
import { type AnswerProps, rolesOf } from "./roles";
import { AnswerTable } from "./table";
import { words } from "./words";

const views: Readonly<Record<Exclude<ViewName, "table">, ComponentType<AnswerProps>>> = {
  map: lazy(() => import("../map/view").then((module) => module.AnswerMap)),
  timeline: lazy(() => import("../timeline/answer-timeline").then((module) => module.AnswerTimeline)),
  chart: lazy(() => import("../chart/answer-chart").then((module) => module.AnswerChart)),
  graph: lazy(() => import("../explore/answer-graph").then((module) => module.AnswerGraph)),
};

/** Returns the view that the address names, or the first one if it names none of them. */
export function useView<V extends ViewName | "text">(views: readonly V[], first: V): V {
  const { params } = useRoute();
  return views.find((view) => view === params.get("as")) ?? first;
}

/** The choice of the view in the address. */
export function ViewChoice<V extends ViewName | "text">({ views, first }: { readonly views: readonly V[]; readonly first: V }) {
  const w = useWords(words);
  const selected = useView(views, first);
  if (views.length < 2) return null;
  return (
    <nav class="views" aria-label={w.as}>
      {views.map((view) => (
        <a key={view} href={hrefWith({ as: view === first ? null : view })} aria-current={view === selected ? "true" : undefined}>
          {w.views[view]}
        </a>
      ))}
    </nav>
  );
}

/** An answer as a table, a map, a timeline, a chart or a graph. */
export function AnswerView({ view, answer, show, ...props }: AnswerProps & { readonly view: ViewName }) {
  const View = view === "table" ? AnswerTable : views[view];
  const roles = useMemo(() => (view === "table" ? show : rolesOf({ answer, show })), [view, answer, show]);
  return (
    <ErrorBoundary resetKey={view + answer.title}>
      <View {...props} answer={answer} show={roles} />
    </ErrorBoundary>
  );
}
