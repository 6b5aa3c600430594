import { useGet } from "../api/requests";
import type { QuestionHead } from "../api/types";
import { ServerPage } from "../page/server-page";
import { useWords } from "../state/language";
import { href, useRoute } from "../state/route";
import { Empty, Loaded } from "../ui/loading";
import { Question } from "./question";
import { words } from "./words";

/** The catalogue of questions, or one of them with its answer. */
export function Ask() {
  const { name } = useRoute();
  return name ? <NamedQuestion name={name} key={name} /> : <ServerPage />;
}

function NamedQuestion({ name }: { name: string }) {
  const w = useWords(words);
  const question = useGet<QuestionHead>(`api/questions/${encodeURIComponent(name)}`);
  if (question.state === "failed" && question.error.status === 404)
    return (
      <Empty>
        {w.unknown} <a href={href("ask")}>{w.back}</a>
      </Empty>
    );
  return <Loaded of={question}>{(head) => <Question question={head} />}</Loaded>;
}
