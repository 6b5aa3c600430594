import { useMemo } from "preact/hooks";
import type { AnswerProps } from "../answer/roles";
import { useLanguage } from "../state/language";
import { Empty } from "../ui/loaded";
import { ofRows } from "./rows";
import { GraphView } from "./view";

/** An answer whose rows link two things, as a graph; columns take the place of classes. */
export function AnswerGraph({ answer, show }: AnswerProps) {
  const tongue = useLanguage();
  const graph = useMemo(() => ofRows({ answer, show }, tongue), [answer, show, tongue]);
  const shapes = useMemo(
    () => new Map([show.subject, show.object].map((column, place): [string, number] => [column ?? "", place])),
    [show],
  );
  if (!graph.nodes.size) return <Empty />;
  return <GraphView graph={graph} title={answer.title} shapes={shapes} actions={null} />;
}
