import { useMemo } from "preact/hooks";
import { fold } from "../answer/rows";
import type { Catalogue, Dataset, QuestionHead, Topic } from "../api/types";
import { useGet } from "../api/use";
import { fill, localize, useLanguage, useWords } from "../state/language";
import { href, hrefWith, set, useRoute } from "../state/route";
import { Empty, Loaded } from "../ui/loaded";
import { exampleParams } from "./parameters";
import { Question } from "./question";
import { words } from "./words";

/** The catalogue of questions, or one of them with its answer. */
export function Ask() {
  const { name } = useRoute();
  const catalogue = useGet<Catalogue>("api/questions");
  const w = useWords(words);
  return (
    <Loaded of={catalogue}>
      {({ topics }) => {
        if (!name) return <Overview topics={topics} />;
        const question = topics.flatMap((topic) => topic.questions).find((entry) => entry.name === name);
        return question ? (
          <Question question={question} key={name} />
        ) : (
          <Empty>
            {w.unknown} <a href={href("ask")}>{w.back}</a>
          </Empty>
        );
      }}
    </Loaded>
  );
}

function Overview({ topics }: { topics: readonly Topic[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const text = params.get("q") ?? "";
  const only = params.get("topic");
  const featured = useMemo(() => {
    const rank = ({ show }: QuestionHead) => show?.featured ?? 0;
    return topics
      .flatMap((topic) => topic.questions)
      .filter(rank)
      .sort((a, b) => rank(a) - rank(b));
  }, [topics]);
  const searchWords = fold(text).split(/\s+/).filter(Boolean);
  const matches = topics
    .filter(({ topic }) => !only || topic === only)
    .map((topic) => ({ ...topic, questions: topic.questions.filter((question) => matchesWords(question, searchWords)) }))
    .filter((topic) => topic.questions.length);
  const count = matches.reduce((sum, topic) => sum + topic.questions.length, 0);
  return (
    <div class="overview">
      <header class="hero">
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
        <label class="filter">
          <span>{w.find}</span>
          <input type="search" value={text} onInput={(event) => set({ q: event.currentTarget.value }, true)} />
        </label>
      </header>
      <Coverage />
      {!text && !only && featured.length > 0 && (
        <section>
          <h2>{w.featured}</h2>
          <ul class="featured">
            {featured.map((question) => (
              <li key={question.name}>
                <a href={href("ask", question.name, exampleParams(question))}>{localize(question.title, lang)}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="quiet" role="status">
        {fill(w.questions, count)} {only && <a href={hrefWith({ topic: null })}>{w.back}</a>}
      </p>
      {count === 0 && <Empty>{w.none}</Empty>}
      <div class="topics">
        {matches.map((topic) => (
          <section key={topic.topic} aria-labelledby={`topic-${topic.topic}`}>
            <h2 id={`topic-${topic.topic}`}>{localize(topic.title, lang) || topic.topic}</h2>
            <ul>
              {topic.questions.map((question) => (
                <li key={question.name}>
                  <a href={href("ask", question.name, exampleParams(question))}>{localize(question.title, lang)}</a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

/** The description of the dataset. */
function Coverage() {
  const w = useWords(words);
  const dataset = useGet<Dataset>("api/dataset", { lang: useLanguage() });
  if (dataset.state !== "loaded" || !dataset.data.description) return null;
  return (
    <details class="about">
      <summary>{w.coverage}</summary>
      <p>{dataset.data.description}</p>
    </details>
  );
}

function matchesWords(question: QuestionHead, searchWords: readonly string[]): boolean {
  if (!searchWords.length) return true;
  const text = fold([question.name, ...Object.values(question.title), ...Object.values(question.description), ...question.tags].join(" "));
  return searchWords.every((word) => text.includes(word));
}
