import { AnswerView } from "../answer/answer-view";
import { rolesOf, viewsOf } from "../answer/roles";
import { words as answerWords } from "../answer/words";
import type { Answer, QuestionHead, View } from "../api/types";
import { fill, number, say, useLanguage, useWords } from "../state/language";
import { here, href, useRoute } from "../state/route";
import { filterText, titleWithFilters } from "../take-away/caption";
import { TakeAway } from "../take-away/take-away";
import { plainPageAddress } from "../trace/plain-page";
import { Empty, Loaded } from "../ui/loaded";
import { useTitle } from "../ui/title";
import { ArchiveLink, ExternalLink, isWeb, sourceNote } from "../ui/value";
import { useAnswer } from "./answer";
import { AsOf } from "./as-of";
import { Form } from "./form";
import { useRenamed } from "./former";
import { hasDay } from "./parameters";
import { strangers } from "./strangers";
import { SupportLine } from "./support";
import { words } from "./words";

/** A question: its form, and its answer in the view that suits it. */
export function Question({ question }: { question: QuestionHead }) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  useRenamed(question, params);
  const answer = useAnswer(question, params);
  return (
    <div class="question">
      <p class="crumb">
        <a href={href("ask")}>← {w.back}</a>
      </p>
      <h1>{say(question.title, tongue)}</h1>
      <details class="about">
        <summary>{w.more}</summary>
        <p>{say(question.description, tongue)}</p>
      </details>
      <Form question={question} />
      {hasDay(question) && <AsOf />}
      <Strange question={question} params={params} />
      <Loaded of={answer}>{(data) => <Answered question={question} answer={data} />}</Loaded>
    </div>
  );
}

/** What stands in the address and means nothing here: an answer without it must not be taken for one with it. */
function Strange({ question, params }: { question: QuestionHead; params: URLSearchParams }) {
  const w = useWords(words);
  const names = strangers(question, params);
  return names.length ? (
    <p class="trouble" role="alert">
      {names.map((name) => fill(w.strange, name)).join(" ")}
    </p>
  ) : null;
}

function Answered({ question, answer }: { question: QuestionHead; answer: Answer }) {
  const w = useWords(words);
  const tongue = useLanguage();
  const { params } = useRoute();
  const show = question.show ?? {};
  const views = viewsOf(answer, show, question.view);
  const view = views.find((one) => one === params.get("as")) ?? (views.includes(question.view) ? question.view : "table");
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
        <Views views={views} chosen={view} preferred={question.view} />
        <TakeAway question={question} answer={answer} view={view} />
        <a href={href("sparql", "", { query: answer.sparql })}>{w.sparql}</a>
      </div>
      {answer.support && <SupportLine support={answer.support} />}
      {answer.truncated && (
        <p class="quiet" role="status">
          {fill(w.partial, number(answer.rows.length, tongue), number(answer.total, tongue))}
        </p>
      )}
      <AnswerView view={view} answer={answer} show={view === "table" ? show : rolesOf({ answer, show })} />
      <Sources answer={answer} />
    </>
  );
}

function Views({ views, chosen, preferred }: { views: readonly View[]; chosen: View; preferred: View }) {
  const w = useWords(answerWords);
  if (views.length < 2) return null;
  return (
    <nav class="views" aria-label={w.as}>
      {views.map((one) => (
        <a key={one} href={here({ as: one === preferred ? null : one })} aria-current={one === chosen ? "true" : undefined}>
          {w.views[one]}
        </a>
      ))}
    </nav>
  );
}

function Sources({ answer }: { answer: Answer }) {
  const w = useWords(words);
  const tongue = useLanguage();
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
              <a href={plainPageAddress(source.iri, tongue)}>{source.title}</a>
            )}{" "}
            <span class="quiet">{sourceNote(source, tongue)}</span> <ArchiveLink source={source} />
          </li>
        ))}
      </ol>
    </details>
  );
}
