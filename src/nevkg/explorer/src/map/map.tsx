import { useMemo } from "preact/hooks";
import { type AnswerProps, evidenceOf } from "../answer/roles";
import { isThing, type QuestionHead } from "../api/types";
import { useAnswer } from "../ask/answer";
import { ViewPage } from "../ask/view-page";
import { useLanguage, useWords } from "../state/language";
import { ErrorMessage } from "../ui/loading";
import { each } from "../ui/values";
import { loadGazetteer } from "./gazetteer";
import type { Highlight } from "./markers";
import { periodOf } from "./periods";
import { AnswerMap } from "./view";
import { words } from "./words";

/** The map page. */
export function MapPage() {
  const w = useWords(words);
  const lang = useLanguage();
  // What the map needs besides its answer is loaded at the same time; the map shows errors.
  useMemo(() => loadGazetteer(lang).catch(() => undefined), [lang]);
  return (
    <ViewPage view="map" title={w.map} missing={w.missing}>
      {(answer, questions) => {
        const shading = questions.find(({ show }) => show?.shade);
        return shading ? <HighlightMap answerProps={answer} question={shading} /> : <AnswerMap {...answer} />;
      }}
    </ViewPage>
  );
}

/** A map with areas that can be highlighted by the groups of another question. */
function HighlightMap({ answerProps, question }: { answerProps: AnswerProps; question: QuestionHead }) {
  const answer = useAnswer(question);
  const { data } = answer;
  const highlights = useMemo(() => {
    const { place = "", color = "", ...show } = question.show ?? {};
    return data?.rows.flatMap((row, index): Highlight[] => {
      const [area, group] = [row[place], each(row[color])[0]];
      if (!area || Array.isArray(area) || !isThing(area) || group === undefined) return [];
      return [{ place: area.iri, group, period: periodOf(row, show), evidence: evidenceOf(data, index) }];
    });
  }, [data, question]);
  return (
    <>
      {answer.state === "failed" && <ErrorMessage error={answer.error} retry={answer.retry} />}
      <AnswerMap {...answerProps} {...(highlights ? { highlights } : {})} />
    </>
  );
}
