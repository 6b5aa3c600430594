import type { ComponentType } from "preact";
import type { View } from "../api/types";
import { ErrorBoundary, lazy } from "../ui/lazy";
import type { Shown } from "./roles";
import { AnswerTable } from "./table";

const others: Readonly<Record<Exclude<View, "table">, ComponentType<Shown>>> = {
  map: lazy(() => import("../map/answer-map").then((module) => module.AnswerMap)),
  timeline: lazy(() => import("../timeline/answer-timeline").then((module) => module.AnswerTimeline)),
  chart: lazy(() => import("../chart/answer-chart").then((module) => module.AnswerChart)),
  graph: lazy(() => import("../explore/answer-graph").then((module) => module.AnswerGraph)),
};

/** An answer as a table, a map, a timeline, a chart or a graph. */
export function AnswerView({ view, ...shown }: Shown & { readonly view: View }) {
  const Chosen = view === "table" ? AnswerTable : others[view];
  return (
    <ErrorBoundary resetKey={view + shown.answer.title}>
      <Chosen {...shown} />
    </ErrorBoundary>
  );
}
