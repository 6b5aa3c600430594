import { AnswerView, useView, ViewChoice } from "../answer/answer-view";
import { viewsOf } from "../answer/roles";
import type { Answer, QuestionHead } from "../api/types";
import { AnswerExport } from "../export/answer-export";
import { filterText, titleWithFilters } from "../export/links";
import { fill, localize, useLanguage, useWords } from "../state/language";
import { href, useRoute } from "../state/route";
import { AsOf } from "../ui/day-slider";
import { useTitle } from "../ui/hooks";
import { Empty, Loaded } from "../ui/loading";
import { SourceLink } from "../ui/values";
import { PartialNote, ShowLeftOut, SupportLine, useAnswer } from "./answer";
import { Form } from "./form";
import { hasDay, unknownParameters, useOwnNames } from "./parameters";
import { words } from "./words";

/** A question with its form and its answer. */
export function Question({ question }: { question: QuestionHead }) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  useOwnNames(question, params);
  const answer = useAnswer(question, params);
  return (
    <div class="question">
      <h1>{localize(question.title, lang)}</h1>
      {answer.data && <p class="filters">{filterText(answer.data, w.or)}</p>}
      <div class="asked">
        {hasDay(question) && <AsOf />}
        {answer.data && answer.data.rows.length > 0 && <AnswerTools question={question} answer={answer.data} />}
        <Form question={question} />
        <details class="about">
          <summary>{w.more}</summary>
          <p>{localize(question.description, lang)}</p>
        </details>
        <p class="crumb">
          <a href={href("ask")}>{w.back}</a>
        </p>
      </div>
      <UnknownParameters question={question} params={params} />
      <Loaded of={answer}>{(data) => <AnswerSection question={question} answer={data} />}</Loaded>
    </div>
  );
}

/** A warning about parameters that the answer ignores. */
function UnknownParameters({ question, params }: { question: QuestionHead; params: URLSearchParams }) {
  const w = useWords(words);
  const names = unknownParameters(question, params);
  return names.length ? (
    <p class="trouble" role="alert">
      {names.map((name) => fill(w.unknownParameter, name)).join(" ")}
    </p>
  ) : null;
}

/** The choice of the view, and what can be done with the answer. */
function AnswerTools({ question, answer }: { question: QuestionHead; answer: Answer }) {
  const w = useWords(words);
  const views = viewsOf(answer, question.show ?? {}, question.view);
  const view = useView(views, question.view);
  return (
    <>
      <ViewChoice views={views} first={question.view} />
      <AnswerExport question={question} answer={answer} view={view} />
      <a href={href("sparql", "", { query: answer.sparql })}>{w.sparql}</a>
    </>
  );
}

function AnswerSection({ question, answer }: { question: QuestionHead; answer: Answer }) {
  const w = useWords(words);
  const show = question.show ?? {};
  const views = viewsOf(answer, show, question.view);
  const view = useView(views, question.view);
  const title = titleWithFilters(answer, w.or);
  useTitle(title);
  if (!answer.rows.length)
    return (
      <Empty>
        {answer.reason?.text} <ShowLeftOut support={answer.support} /> {answer.support?.text}
      </Empty>
    );
  return (
    <>
      <SupportLine answer={answer} show={show} view={view} />
      <PartialNote answer={answer} />
      <AnswerView view={view} answer={answer} show={show} />
      <Sources answer={answer} />
    </>
  );
}

function Sources({ answer }: { answer: Answer }) {
  const w = useWords(words);
  if (!answer.sources?.length) return null;
  return (
    <details class="sources">
      <summary>
        {w.sources} <span class="count">{answer.sources.length}</span>
      </summary>
      <ol>
        {answer.sources.map((source) => (
          <li key={source.iri}>
            <SourceLink source={source} />
          </li>
        ))}
      </ol>
    </details>
  );
}
