import type { ComponentChildren } from "preact";
import { type AnswerProps, rolesOf } from "../answer/roles";
import type { Answer, QuestionHead, Target } from "../api/types";
import { useGet } from "../api/use";
import { requestParams } from "../ask/parameters";
import { useLanguage } from "../state/language";
import { applyChanges } from "../state/route";
import { Loaded } from "../ui/loaded";

interface Props {
  readonly target: Target;
  /** Whether cells link to their evidence. */
  readonly evidence?: boolean;
  readonly children: (props: AnswerProps) => ComponentChildren;
}

/** Loads the answer of a figure with the roles of its columns. */
export function LiveAnswer({ target, evidence = false, children }: Props) {
  const question = useGet<QuestionHead>(`api/questions/${target.question}`);
  return (
    <Loaded of={question}>{(head) => <TargetAnswer target={target} evidence={evidence} question={head} children={children} />}</Loaded>
  );
}

function TargetAnswer({ target, evidence, question, children }: Required<Props> & { question: QuestionHead }) {
  const params = requestParams(question, applyChanges(new URLSearchParams(), target.parameters));
  const answer = useGet<Answer>(`api/questions/${target.question}/answer`, { ...params, lang: useLanguage(), evidence });
  return <Loaded of={answer}>{(data) => children({ answer: data, show: rolesOf({ answer: data, show: question.show ?? {} }) })}</Loaded>;
}
