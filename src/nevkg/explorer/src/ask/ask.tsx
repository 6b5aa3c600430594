import { useMemo } from "preact/hooks";
import { useGet } from "../api/requests";
import type { QuestionHead, Topic } from "../api/types";
import { useCatalogue, useDataset } from "../state/dataset";
import { fill, localize, useLanguage, useWords } from "../state/language";
import { href, hrefWith, set, useRoute } from "../state/route";
import { FilterField, LinkList } from "../ui/controls";
import { Empty, Loaded } from "../ui/loading";
import { matcherOf } from "../ui/text";
import { exampleParams } from "./parameters";
import { Question } from "./question";
import { words } from "./words";

/** The catalogue of questions, or one of them with its answer. */
export function Ask() {
  const { name } = useRoute();
  return name ? <NamedQuestion name={name} key={name} /> : <Questions />;
}

function Questions() {
  return <Loaded of={useCatalogue()}>{({ topics }) => <Overview topics={topics} />}</Loaded>;
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

function Overview({ topics }: { topics: readonly Topic[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const text = params.get("q") ?? "";
  const only = params.get("topic");
  const linkTo = (question: QuestionHead): [string, string] => [
    href("ask", question.name, exampleParams(question)),
    localize(question.title, lang),
  ];
  const featured = useMemo(() => {
    const rank = ({ show }: QuestionHead) => show?.featured ?? 0;
    return topics
      .flatMap((topic) => topic.questions)
      .filter(rank)
      .sort((a, b) => rank(a) - rank(b));
  }, [topics]);
  const isMatch = matcherOf(text);
  const matches = topics
    .filter(({ topic }) => !only || topic === only)
    .map((topic) => ({ ...topic, questions: topic.questions.filter((question) => isMatch(searchText(question))) }))
    .filter((topic) => topic.questions.length);
  const count = matches.reduce((sum, topic) => sum + topic.questions.length, 0);
  return (
    <div class="overview">
      <header class="hero">
        <h1>{w.title}</h1>
        <p>{w.lead}</p>
        <FilterField label={w.find} value={text} change={(value) => set({ q: value }, true)} />
      </header>
      <Coverage />
      {!text && !only && featured.length > 0 && (
        <section>
          <h2>{w.featured}</h2>
          <LinkList class="featured" links={featured.map(linkTo)} />
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
            <LinkList links={topic.questions.map(linkTo)} />
          </section>
        ))}
      </div>
    </div>
  );
}

/** The description of the dataset. */
function Coverage() {
  const w = useWords(words);
  const description = useDataset()?.description;
  if (!description) return null;
  return (
    <details class="about">
      <summary>{w.coverage}</summary>
      <p>{description}</p>
    </details>
  );
}

function searchText({ name, title, description, tags }: QuestionHead): string {
  return [name, ...Object.values(title), ...Object.values(description), ...tags].join(" ");
}
