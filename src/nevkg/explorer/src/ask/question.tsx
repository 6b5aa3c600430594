import { AnswerView } from "../answer/answer-view";
import { rolesOf, viewsOf } from "../answer/roles";
import { words as answerWords } from "../answer/words";
import type { Answer, QuestionHead, View } from "../api/types";
import { AnswerExport } from "../export/answer-export";
import { filterText, titleWithFilters } from "../export/caption";
import { fill, localize, number, useLanguage, useWords } from "../state/language";
import { href, hrefWith, useRoute } from "../state/route";
import { plainPageAddress } from "../trace/plain-page";
import { Empty, Loaded } from "../ui/loaded";
import { useTitle } from "../ui/title";
import { ArchiveLink, ExternalLink, isWeb, sourceNote } from "../ui/value";
import { useAnswer } from "./answer";
import { AsOf } from "./as-of";
import { Form } from "./form";
import { useOwnNames } from "./other-names";
import { hasDay } from "./parameters";
import { SupportLine } from "./support";
import { unknownParameters } from "./unknown-parameters";
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
  const lang = useLanguage();
  const { params } = useRoute();
  const show = question.show ?? {};
  const views = viewsOf(answer, show, question.view);
  const view = views.find((name) => name === params.get("as")) ?? (views.includes(question.view) ? question.view : "table");
  const filters = filterText(answer, w.or);
  const title = titleWithFilters(answer, w.or);
  useTitle(title);
  if (!answer.rows.length)
    return (
      <>
        <p class="filters">{filters}</p>
        <Empty>
          {answer.reason?.text} {answer.support?.text}
        </Empty>
      </>
    );
  return (
    <>
      <p class="filters">{filters}</p>
      <div class="bar">
        <Views views={views} selected={view} preferred={question.view} />
        <AnswerExport question={question} answer={answer} view={view} />
        <a href={href("sparql", "", { query: answer.sparql })}>{w.sparql}</a>
      </div>
      {answer.support && <SupportLine support={answer.support} />}
      {answer.truncated && (
        <p class="quiet" role="status">
          {fill(w.partial, number(answer.rows.length, lang), number(answer.total, lang))}
        </p>
      )}
      <AnswerView view={view} answer={answer} show={view === "table" ? show : rolesOf({ answer, show })} />
      <Sources answer={answer} />
    </>
  );
}

function Views({ views, selected, preferred }: { views: readonly View[]; selected: View; preferred: View }) {
  const w = useWords(answerWords);
  if (views.length < 2) return null;
  return (
    <nav class="views" aria-label={w.as}>
      {views.map((view) => (
        <a key={view} href={hrefWith({ as: view === preferred ? null : view })} aria-current={view === selected ? "true" : undefined}>
          {w.views[view]}
        </a>
      ))}
    </nav>
  );
}

function Sources({ answer }: { answer: Answer }) {
  const w = useWords(words);
  const lang = useLanguage();
  if (!answer.sources?.length) return null;
  return (
    <details class="sources">
      <summary>
        {w.sources} <span class="count">{answer.sources.length}</span>
      </summary>
      <ol>
        {answer.sources.map((source) => (
          <li key={source.iri}>
            {isWeb(source.address) ? (
              <ExternalLink address={source.address}>{source.title}</ExternalLink>
            ) : (
              <a href={plainPageAddress(source.iri, lang)}>{source.title}</a>
            )}{" "}
            <span class="quiet">{sourceNote(source, lang)}</span> <ArchiveLink source={source} />
          </li>
        ))}
      </ol>
    </details>
  );
}
