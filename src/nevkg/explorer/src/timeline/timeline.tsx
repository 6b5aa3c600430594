import { useMemo } from "preact/hooks";
import { type AnswerProps, evidenceOf } from "../answer/roles";
import type { QuestionHead } from "../api/types";
import { useAnswer } from "../ask/answer";
import { ViewPage } from "../ask/view-page";
import { useLanguage, useWords } from "../state/language";
import { keysOf } from "../ui/keys";
import { Trouble } from "../ui/loaded";
import { AnswerTimeline, type BandOf } from "./answer-timeline";
import { eventsOf } from "./events";
import { words } from "./words";

const NO_PARAMETERS = new URLSearchParams();

/** The page of the timeline. */
export function TimelinePage() {
  const w = useWords(words);
  return (
    <ViewPage view="timeline" title={w.timeline} missing={w.missing}>
      {(shown, questions) => {
        const banded = questions.find((one) => one.show?.band);
        return banded ? <Banded shown={shown} question={banded} /> : <AnswerTimeline {...shown} />;
      }}
    </ViewPage>
  );
}

/** The timeline with bands behind its lanes. */
function Banded({ shown, question }: { shown: AnswerProps; question: QuestionHead }) {
  const tongue = useLanguage();
  const answer = useAnswer(question, NO_PARAMETERS);
  const data = answer.state === "loaded" ? answer.data : answer.state === "waiting" ? answer.before : undefined;
  const bands = useMemo(() => {
    const show = question.show ?? {};
    if (!data) return [];
    return eventsOf({ answer: data, show }, [...data.rows.keys()], tongue).map(
      (event): BandOf => ({
        ...event,
        evidence: evidenceOf(data, event.row),
        lanes: (show.lane ?? []).flatMap((name) => keysOf(data.rows[event.row]?.[name])),
      }),
    );
  }, [data, question, tongue]);
  return (
    <>
      {answer.state === "failed" && <Trouble error={answer.error} retry={answer.retry} />}
      <AnswerTimeline {...shown} bands={bands} />
    </>
  );
}
