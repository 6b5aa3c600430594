import type { ComponentChildren } from "preact";
import { type AnswerProps, rolesOf } from "../answer/roles";
import type { Catalogue, QuestionHead, View } from "../api/types";
import { useGet } from "../api/use";
import { AnswerExport } from "../export/answer-export";
import { fill, localize, number, useLanguage, useWords } from "../state/language";
import { go, href, useRoute } from "../state/route";
import { Empty, Loaded } from "../ui/loaded";
import { useAnswer } from "./answer";
import { AsOf } from "./as-of";
import { Form } from "./form";
import { useOwnNames } from "./other-names";
import { exampleParams, formParameters, hasDay } from "./parameters";
import { SupportLine } from "./support";
import { words } from "./words";

interface Props {
  readonly view: View;
  readonly title: string;
  readonly missing: string;
  readonly children: (answer: AnswerProps, questions: readonly QuestionHead[]) => ComponentChildren;
}

/** A page for one kind of view, with a selection of the questions that use it. */
export function ViewPage(props: Props) {
  const catalogue = useGet<Catalogue>("api/questions");
  const { name } = useRoute();
  return (
    <Loaded of={catalogue}>
      {({ topics }) => {
        const all = topics.flatMap((topic) => topic.questions);
        const choices = all
          .filter(({ view, show }) => view === props.view && !show?.shade && !show?.band)
          .sort((a, b) => Number(b.show?.page ?? false) - Number(a.show?.page ?? false));
        const question = choices.find((choice) => choice.name === name) ?? choices[0];
        if (!question) return <Empty>{props.missing}</Empty>;
        return <Page {...props} key={question.name} question={question} choices={choices} all={all} />;
      }}
    </Loaded>
  );
}

interface PageProps extends Props {
  readonly question: QuestionHead;
  readonly choices: readonly QuestionHead[];
  readonly all: readonly QuestionHead[];
}

function Page({ view, title, question, choices, all, children }: PageProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  useOwnNames(question, params);
  const answer = useAnswer(question, params);
  const hasFilters = formParameters(question).some(({ name }) => params.has(name));
  return (
    <>
      <h1 class="unseen">{title}</h1>
      <div class="page-head">
        <label>
          <span class="unseen">{title}</span>
          <select
            value={question.name}
            onChange={(event) => {
              const next = choices.find(({ name }) => name === event.currentTarget.value);
              if (next) go(href(view, next === choices[0] ? "" : next.name, exampleParams(next)));
            }}
          >
            {choices.map((choice) => (
              <option key={choice.name} value={choice.name}>
                {localize(choice.title, lang)}
              </option>
            ))}
          </select>
        </label>
        <details class="about">
          <summary>{w.more}</summary>
          <p>{localize(question.description, lang)}</p>
        </details>
      </div>
      <Form question={question} open={hasFilters} />
      {(hasDay(question) || view === "timeline") && <AsOf />}
      <Loaded of={answer}>
        {(data) =>
          data.rows.length ? (
            <>
              <div class="bar">
                {data.support && <SupportLine support={data.support} />}
                <AnswerExport question={question} answer={data} view={view} />
              </div>
              {data.truncated && (
                <p class="quiet" role="status">
                  {fill(w.partial, number(data.rows.length, lang), number(data.total, lang))}
                </p>
              )}
              {children({ answer: data, show: rolesOf({ answer: data, show: question.show ?? {} }) }, all)}
            </>
          ) : (
            <Empty>{data.reason?.text}</Empty>
          )
        }
      </Loaded>
    </>
  );
}
