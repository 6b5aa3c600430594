import { useMemo } from "preact/hooks";
import { evidenceOf, type Shown } from "../answer/roles";
import { isThing, type QuestionHead } from "../api/types";
import { useAnswer } from "../ask/answer";
import { ViewPage } from "../ask/view-page";
import { useWords } from "../state/language";
import { ErrorMessage } from "../ui/loaded";
import { each } from "../ui/value";
import { AnswerMap } from "./answer-map";
import type { Shade } from "./markers";
import { spellOf } from "./spells";
import { words } from "./words";

const NO_PARAMETERS = new URLSearchParams();

/** The page of the map. */
export function MapPage() {
  const w = useWords(words);
  return (
    <ViewPage view="map" title={w.map} missing={w.missing}>
      {(shown, questions) => {
        const shading = questions.find((one) => one.show?.shade);
        return shading ? <Shading shown={shown} question={shading} /> : <AnswerMap {...shown} />;
      }}
    </ViewPage>
  );
}

/** The map with areas to be shaded. */
function Shading({ shown, question }: { shown: Shown; question: QuestionHead }) {
  const answer = useAnswer(question, NO_PARAMETERS);
  const data = answer.state === "there" ? answer.data : answer.state === "waiting" ? answer.before : undefined;
  const shades = useMemo(() => {
    const { place = "", color = "", ...show } = question.show ?? {};
    return data?.rows.flatMap((row, index): Shade[] => {
      const [area, group] = [row[place], each(row[color])[0]];
      if (!area || Array.isArray(area) || !isThing(area) || group === undefined) return [];
      return [{ place: area.iri, group, spell: spellOf(row, show), evidence: evidenceOf(data, index) }];
    });
  }, [data, question]);
  return (
    <>
      {answer.state === "failed" && <ErrorMessage error={answer.error} retry={answer.retry} />}
      <AnswerMap {...shown} {...(shades ? { shades } : {})} />
    </>
  );
}
