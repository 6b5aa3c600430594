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
      <p class="crumb">
        <a href={href("ask")}>← {w.back}</a>
      </p>
      <h1>{localize(question.title, lang)}</h1>
      <details class="about">
        <summary>{w.more}</summary>
        <p>{localize(question.description, lang)}</p>
      </details>
      <Form question={question} />
      {hasDay(question) && <AsOf />}
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

function AnswerSection({ question, answer }: { question: QuestionHead; answer: Answer }) {
  const w = useWords(words);
  const show = question.show ?? {};
  const views = viewsOf(answer, show, question.view);
  const view = useView(views, question.view);
  const filters = filterText(answer, w.or);
  const title = titleWithFilters(answer, w.or);
  useTitle(title);
  if (!answer.rows.length)
    return (
      <>
        <p class="filters">{filters}</p>
        <Empty>
          {answer.reason?.text} <ShowLeftOut support={answer.support} /> {answer.support?.text}
        </Empty>
      </>
    );
  return (
    <>
      <p class="filters">{filters}</p>
      <div class="bar">
        <ViewChoice views={views} first={question.view} />
        <AnswerExport question={question} answer={answer} view={view} />
        <a href={href("sparql", "", { query: answer.sparql })}>{w.sparql}</a>
      </div>
      <SupportLine support={answer.support} />
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
