import type { ComponentChildren } from "preact";
import { type AnswerProps, rolesOf } from "../answer/roles";
import type { QuestionHead, View } from "../api/types";
import { AnswerExport } from "../export/answer-export";
import { questionsOf, useCatalogue } from "../state/dataset";
import { localize, useLanguage, useWords } from "../state/language";
import { go, href, useRoute } from "../state/route";
import { Choice } from "../ui/controls";
import { AsOf } from "../ui/day-slider";
import { Empty, Loaded } from "../ui/loading";
import { PartialNote, SupportLine, useAnswer } from "./answer";
import { Form } from "./form";
import { exampleParams, formParameters, hasDay, useOwnNames } from "./parameters";
import { words } from "./words";

interface Props {
  readonly view: View;
  readonly title: string;
  readonly missing: string;
  readonly children: (answer: AnswerProps, questions: readonly QuestionHead[]) => ComponentChildren;
}

/** A page for one kind of view, with a selection of the questions that use it. */
export function ViewPage(props: Props) {
  const catalogue = useCatalogue();
  const { name } = useRoute();
  return (
    <Loaded of={catalogue}>
      {(data) => {
        const all = questionsOf(data);
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
  const answer = useAnswer(question, params, true);
  const hasFilters = formParameters(question).some(({ name }) => params.has(name));
  return (
    <>
      <h1 class="unseen">{title}</h1>
      <div class="asked page-head">
        <Choice
          label={title}
          value={question.name}
          options={choices.map((choice) => [choice.name, localize(choice.title, lang)])}
          choose={(name) => {
            const next = choices.find((choice) => choice.name === name);
            if (next) go(href(view, next === choices[0] ? "" : next.name, exampleParams(next)));
          }}
          hidden
        />
        {(hasDay(question) || view === "timeline") && <AsOf />}
        {answer.data && answer.data.rows.length > 0 && <AnswerExport question={question} answer={answer.data} view={view} />}
        <Form question={question} open={hasFilters} />
        <details class="about">
          <summary>{w.more}</summary>
          <p>{localize(question.description, lang)}</p>
        </details>
      </div>
      <Loaded of={answer}>
        {(data) =>
          data.rows.length ? (
            <>
              <SupportLine answer={data} show={question.show ?? {}} view={view} />
              <PartialNote answer={data} />
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
