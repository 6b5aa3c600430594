import { AnswerView } from "../answer/answer-view";
import { useGet } from "../api/requests";
import type { Figure, Home, Story, StoryPart } from "../api/types";
import { figureAddress } from "../state/address";
import { fill, useLanguage, useWords } from "../state/language";
import { href, parse, useRoute } from "../state/route";
import { LinkList } from "../ui/controls";
import { useTitle } from "../ui/hooks";
import { Loaded } from "../ui/loading";
import { ExternalLink, isWeb } from "../ui/values";
import { FigureLink, FigureTable, LiveAnswer, useFigureTitle } from "./figure";
import { words } from "./words";

/** A story, or the list of them. */
export function StoryPage() {
  const w = useWords(words);
  const { name } = useRoute();
  return (
    <>
      <p class="crumb">
        <a href={href("")}>← {w.back}</a>
      </p>
      {name ? <StoryText name={name} /> : <StoryList />}
    </>
  );
}

function StoryList() {
  const w = useWords(words);
  const stories = useGet<Pick<Home, "stories">>("api/stories", { lang: useLanguage() });
  return (
    <>
      <h1>{w.stories}</h1>
      <Loaded of={stories}>{(data) => <LinkList links={data.stories.map(({ name, title }) => [href("story", name), title])} />}</Loaded>
    </>
  );
}

function StoryText({ name }: { name: string }) {
  const story = useGet<Story>(`api/stories/${encodeURIComponent(name)}`, { lang: useLanguage() });
  return <Loaded of={story}>{(data) => <Article {...data} />}</Loaded>;
}

function Article({ title, language, blocks, dataset }: Story) {
  const w = useWords(words);
  useTitle(title);
  return (
    <article class="text" lang={language}>
      <h1>{title}</h1>
      {blocks.map((block, index) => (
        <Block key={index} {...block} />
      ))}
      <p class="quiet">{fill(w.note, dataset.date)}</p>
    </article>
  );
}

function Block({ kind, level, parts = [], items = [], figure }: Story["blocks"][number]) {
  if (figure) return <FigureBlock figure={figure} />;
  if (kind === "list")
    return (
      <ul>
        {items.map((item, index) => (
          <li key={index}>
            <Parts parts={item} />
          </li>
        ))}
      </ul>
    );
  const Tag = kind === "paragraph" ? "p" : level === 2 ? "h2" : "h3";
  return (
    <Tag>
      <Parts parts={parts} />
    </Tag>
  );
}

function Parts({ parts }: { parts: readonly StoryPart[] }) {
  return (
    <>
      {parts.map(({ text = "", style, href: to, figure }, index) => {
        if (figure) return <FigureLink key={index} figure={figure} />;
        const content = to ? <Link key={index} to={to} text={text} /> : text;
        return style === "strong" ? <strong key={index}>{content}</strong> : style ? <em key={index}>{content}</em> : content;
      })}
    </>
  );
}

/** A link to another site, or to a view in the language of the page. */
function Link({ to, text }: { to: string; text: string }) {
  if (isWeb(to)) return <ExternalLink address={to}>{text}</ExternalLink>;
  const { view, name, params } = parse(to.replace(/^\//, ""));
  return <a href={href(view, name, Object.fromEntries([...params.keys()].map((key) => [key, params.getAll(key)])))}>{text}</a>;
}

/** A table, a chart or a map in a text. */
function FigureBlock({ figure }: { figure: Figure }) {
  const w = useWords(words);
  const { show } = figure;
  const title = useFigureTitle(figure);
  return (
    <figure>
      {figure.problem ? (
        <p class="empty">{w.missing}</p>
      ) : show === "chart" || show === "map" ? (
        <LiveAnswer target={figure} evidence>
          {(answer) => <AnswerView view={show} {...answer} />}
        </LiveAnswer>
      ) : (
        <FigureTable figure={figure} />
      )}
      <figcaption>
        {title} · <a href={figureAddress(figure)}>{w.answer}</a>
      </figcaption>
    </figure>
  );
}
