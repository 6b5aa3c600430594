import { fold } from "../answer/rows";
import { get } from "../api/get";
import type { Scope } from "../api/sparql";
import type { Catalogue, QuestionHead } from "../api/types";
import { say, useLanguage, useWords } from "../state/language";
import { Combobox } from "../ui/combobox";
import { words } from "./words";

/** The queries of the catalogue, to begin with. */
export function Examples({ choose }: { choose: (query: string, scope: Scope) => void }) {
  const w = useWords(words);
  const language = useLanguage();
  const find = async (text: string) => {
    const wanted = fold(text).split(/\s+/).filter(Boolean);
    const { topics } = await get<Catalogue>("api/questions");
    return topics.flatMap((topic) =>
      topic.questions
        .filter((one) => wanted.every((word) => sought(one).includes(word)))
        .map((one) => ({ value: one.name, label: say(one.title, language), note: say(topic.title, language) || topic.topic })),
    );
  };
  const take = async (name: string) => {
    const { sparql, over } = await get<{ sparql: string; over: "snapshot" | "record" }>(`api/questions/${name}`);
    choose(withoutHead(sparql), over === "record" ? { over } : {});
  };
  return <Combobox label={w.examples} hidden placeholder={w.example} find={find} choose={(choice) => take(choice.value)} />;
}

function sought(question: QuestionHead): string {
  return fold([question.name, ...Object.values(question.title), ...question.tags].join(" "));
}

/** Without what the catalogue says of the question in comments of its own. */
function withoutHead(query: string): string {
  return query.replace(/^(#\+.*\n)+\n*/, "");
}
