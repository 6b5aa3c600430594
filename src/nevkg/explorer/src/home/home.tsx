import { useGet } from "../api/requests";
import type { Home as Content } from "../api/types";
import { entityAddress, figureAddress, targetAddress } from "../state/address";
import { fill, useLanguage, useWords } from "../state/language";
import { go, href } from "../state/route";
import { FigureLink, LiveAnswer } from "../story/figure";
import { LinkList } from "../ui/controls";
import { ErrorBoundary, Loaded, lazy } from "../ui/loading";
import { ServerDetails } from "../ui/server-part";
import { Search } from "./search";
import { words } from "./words";
import "./home.css";

const SmallMap = lazy(() => import("../map/small-map").then((module) => module.SmallMap));

/** The home page. */
export function Home() {
  const lang = useLanguage();
  const content = useGet<Content>("api/home", { lang });
  return (
    <Loaded of={content}>
      {(data) => (
        <>
          <Lead {...data} />
          <div class="beside">
            <Numbers {...data} />
            <MapSection {...data} />
          </div>
          <Stories {...data} />
          <Topics {...data} />
          <ServerDetails />
        </>
      )}
    </Loaded>
  );
}

function Lead({ lead, starts }: Content) {
  const w = useWords(words);
  return (
    <header class="lead">
      <h1>{lead}</h1>
      <Search placeholder={w.hint} />
      <p class="starts">
        <span class="quiet">{w.starts}</span>
        {starts.map((start) => (
          <a key={start.label} href={"entity" in start ? entityAddress(start.entity) : targetAddress(start)}>
            {start.label}
          </a>
        ))}
      </p>
    </header>
  );
}

function Numbers({ numbers, note, map }: Content) {
  const w = useWords(words);
  return (
    <section class="numbers" aria-labelledby="numbers">
      <h2 id="numbers">{w.numbers}</h2>
      <ul>
        {numbers.map(({ label, figure }) => (
          <li key={label}>
            <FigureLink figure={figure} /> <span>{label}</span>
          </li>
        ))}
      </ul>
      <p class="quiet">
        {note} {fill(w.asOf, map.asOf ?? "")}
      </p>
    </section>
  );
}

function MapSection({ map }: Content) {
  const w = useWords(words);
  return (
    <section class="where" aria-labelledby="where">
      <h2 id="where">{w.map}</h2>
      <div class="small-map">
        <ErrorBoundary resetKey="map">
          <LiveAnswer target={map}>
            {(answer) => <SmallMap {...answer} onSelect={(pick) => go(targetAddress(map, { as: "map", pick }))} />}
          </LiveAnswer>
        </ErrorBoundary>
      </div>
      <p>
        <a href={figureAddress(map)}>{w.openMap}</a>
      </p>
    </section>
  );
}

function Stories({ stories }: Content) {
  const w = useWords(words);
  if (!stories.length) return null;
  return (
    <section aria-labelledby="stories">
      <h2 id="stories">{w.stories}</h2>
      <LinkList class="featured" links={stories.map(({ name, title }) => [href("story", name), title])} />
    </section>
  );
}

function Topics({ topics }: Content) {
  const w = useWords(words);
  return (
    <section aria-labelledby="questions">
      <h2 id="questions">{w.questions}</h2>
      <div class="topics">
        {topics.map((topic) => (
          <section key={topic.topic} aria-labelledby={`topic-${topic.topic}`}>
            <h3 id={`topic-${topic.topic}`}>{topic.title}</h3>
            <LinkList links={topic.questions.map(({ name, title, example }) => [href("ask", name, example), title])} />
            <p>
              <a href={href("ask", "", { topic: topic.topic })}>
                {fill(w.allQuestions, topic.total)} <span class="unseen">{topic.title}</span>
              </a>
            </p>
          </section>
        ))}
      </div>
    </section>
  );
}
