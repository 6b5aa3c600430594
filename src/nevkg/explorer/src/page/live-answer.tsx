// Maps and charts within a page.
import type { ComponentChildren } from "preact";
import { AnswerView } from "../answer/answer-view";
import { type AnswerProps, rolesOf } from "../answer/roles";
import { useGet } from "../api/requests";
import type { Answer, QuestionHead, Target, View } from "../api/types";
import { requestParams } from "../ask/parameters";
import { targetAddress } from "../state/address";
import { useLanguage } from "../state/language";
import { applyChanges, go } from "../state/route";
import { Loaded, lazy } from "../ui/loading";

const SmallMap = lazy(() => import("../map/small-map").then((module) => module.SmallMap));

/** An answer as a map or a chart, whose parts link to their evidence. */
export function Picture({ view, ...target }: Target & { readonly view: View }) {
  return (
    <LiveAnswer target={target} evidence>
      {(answer) => <AnswerView view={view} {...answer} />}
    </LiveAnswer>
  );
}

/** A map whose places link to the whole map. */
export function Overview(target: Target) {
  return (
    <LiveAnswer target={target} evidence={false}>
      {(answer) => <SmallMap {...answer} onSelect={(pick) => go(targetAddress(target, { as: "map", pick }))} />}
    </LiveAnswer>
  );
}

interface Props {
  readonly target: Target;
  /** Whether cells link to their evidence. */
  readonly evidence: boolean;
  readonly children: (props: AnswerProps) => ComponentChildren;
}

/** Loads an answer with the roles of its columns. */
function LiveAnswer({ target, ...props }: Props) {
  const question = useGet<QuestionHead>(`api/questions/${target.question}`);
  return <Loaded of={question}>{(head) => <TargetAnswer target={target} question={head} {...props} />}</Loaded>;
}

function TargetAnswer({ target, evidence, question, children }: Props & { question: QuestionHead }) {
  const params = requestParams(question, applyChanges(new URLSearchParams(), target.parameters));
  const answer = useGet<Answer>(`api/questions/${target.question}/answer`, { ...params, lang: useLanguage(), evidence });
  return <Loaded of={answer}>{(data) => children({ answer: data, show: rolesOf({ answer: data, show: question.show ?? {} }) })}</Loaded>;
}
