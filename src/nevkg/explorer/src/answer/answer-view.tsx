import type { ComponentType } from "preact";
import type { View as ViewName } from "../api/types";
import { ErrorBoundary, lazy } from "../ui/lazy";
import type { AnswerProps } from "./roles";
import { AnswerTable } from "./table";

const views: Readonly<Record<Exclude<ViewName, "table">, ComponentType<AnswerProps>>> = {
  map: lazy(() => import("../map/answer-map").then((module) => module.AnswerMap)),
  timeline: lazy(() => import("../timeline/answer-timeline").then((module) => module.AnswerTimeline)),
  chart: lazy(() => import("../chart/answer-chart").then((module) => module.AnswerChart)),
  graph: lazy(() => import("../explore/answer-graph").then((module) => module.AnswerGraph)),
};

/** An answer as a table, a map, a timeline, a chart or a graph. */
export function AnswerView({ view, ...props }: AnswerProps & { readonly view: ViewName }) {
  const View = view === "table" ? AnswerTable : views[view];
  return (
    <ErrorBoundary resetKey={view + props.answer.title}>
      <View {...props} />
    </ErrorBoundary>
  );
}
