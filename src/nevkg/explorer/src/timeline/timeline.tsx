import { useMemo } from "preact/hooks";
import { type AnswerProps, evidenceOf } from "../answer/roles";
import type { QuestionHead } from "../api/types";
import { useAnswer } from "../ask/answer";
import { ViewPage } from "../ask/view-page";
import { useLanguage, useWords } from "../state/language";
import { ErrorMessage } from "../ui/loading";
import { keysOf } from "../ui/values";
import { AnswerTimeline, type LaneBand } from "./answer-timeline";
import { eventsOf } from "./events";
import { words } from "./words";

/** The page of the timeline. */
export function TimelinePage() {
  const w = useWords(words);
  return (
    <ViewPage view="timeline" title={w.timeline} missing={w.missing}>
      {(shown, questions) => {
        const bandQuestion = questions.find(({ show }) => show?.band);
        return bandQuestion ? <BandedTimeline shown={shown} question={bandQuestion} /> : <AnswerTimeline {...shown} />;
      }}
    </ViewPage>
  );
}

/** The timeline with the rows of another question as bands behind its lanes. */
function BandedTimeline({ shown, question }: { shown: AnswerProps; question: QuestionHead }) {
  const lang = useLanguage();
  const answer = useAnswer(question);
  const { data } = answer;
  const bands = useMemo(() => {
    const show = question.show ?? {};
    if (!data) return [];
    return eventsOf({ answer: data, show }, [...data.rows.keys()], lang).map(
      (event): LaneBand => ({
        ...event,
        evidence: evidenceOf(data, event.row),
        lanes: (show.lane ?? []).flatMap((name) => keysOf(data.rows[event.row]?.[name])),
      }),
    );
  }, [data, question, lang]);
  return (
    <>
      {answer.state === "failed" && <ErrorMessage error={answer.error} retry={answer.retry} />}
      <AnswerTimeline {...shown} bands={bands} />
    </>
  );
}
