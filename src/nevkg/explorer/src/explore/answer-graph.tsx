import { useMemo } from "preact/hooks";
import type { AnswerProps } from "../answer/roles";
import { useLanguage } from "../state/language";
import { Empty } from "../ui/loaded";
import { convertRows } from "./rows";
import { GraphView } from "./view";

/** An answer whose rows link two entities, as a graph. The two columns have different shapes, as classes have. */
export function AnswerGraph({ answer, show }: AnswerProps) {
  const lang = useLanguage();
  const graph = useMemo(() => convertRows({ answer, show }, lang), [answer, show, lang]);
  const shapes = useMemo(
    () => new Map([show.subject, show.object].map((column, index): [string, number] => [column ?? "", index])),
    [show],
  );
  if (!graph.nodes.size) return <Empty />;
  return <GraphView graph={graph} title={answer.title} shapes={shapes} actions={null} />;
}
