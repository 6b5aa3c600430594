import { fold } from "../answer/rows";
import { get } from "../api/get";
import type { Scope } from "../api/sparql";
import type { Catalogue, QuestionHead } from "../api/types";
import { localize, useLanguage, useWords } from "../state/language";
import { Combobox } from "../ui/combobox";
import { words } from "./words";

/** The search for example queries in the catalogue. */
export function Examples({ choose }: { choose: (query: string, scope: Scope) => void }) {
  const w = useWords(words);
  const lang = useLanguage();
  const find = async (text: string) => {
    const searchWords = fold(text).split(/\s+/).filter(Boolean);
    const { topics } = await get<Catalogue>("api/questions");
    return topics.flatMap((topic) =>
      topic.questions
        .filter((question) => searchWords.every((word) => searchText(question).includes(word)))
        .map(({ name, title }) => ({ value: name, label: localize(title, lang), note: localize(topic.title, lang) || topic.topic })),
    );
  };
  const load = async (name: string) => {
    const { sparql, over } = await get<{ sparql: string; over: "snapshot" | "record" }>(`api/questions/${name}`);
    choose(withoutMetadata(sparql), over === "record" ? { over } : {});
  };
  return <Combobox label={w.examples} hidden placeholder={w.example} find={find} choose={(choice) => load(choice.value)} />;
}

function searchText(question: QuestionHead): string {
  return fold([question.name, ...Object.values(question.title), ...question.tags].join(" "));
}

/** Removes the comments with metadata at the beginning of a query of the catalogue. */
function withoutMetadata(query: string): string {
  return query.replace(/^(#\+.*\n)+\n*/, "");
}
