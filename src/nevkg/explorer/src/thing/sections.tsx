// The page of an entity, as the server writes it, and its sections, which are loaded when they are near the screen.

import { useRef } from "preact/hooks";
import { AnswerView } from "../answer/answer-view";
import { parseOrder } from "../answer/rows";
import { AnswerTable } from "../answer/table";
import { words as answerWords } from "../answer/words";
import { useGet } from "../api/requests";
import { type Answer, type Evidence, isThing, type QuestionLink, type Show, type Thing, type View } from "../api/types";
import { isViewParameter } from "../ask/parameters";
import { ServerPage } from "../page/server-page";
import { entityAddress } from "../state/address";
import { questionsOf, useCatalogue } from "../state/dataset";
import { fill, number, useLanguage, useWords } from "../state/language";
import { AS_OF, href, hrefWith, useRoute } from "../state/route";
import { Statements } from "../trace/evidence";
import { AsOf } from "../ui/day-slider";
import { useIsNear } from "../ui/hooks";
import { Empty, Loaded } from "../ui/loading";
import { each } from "../ui/values";
import { words } from "./words";

const MAX_ROWS = 10;
const MAX_SORTED_ROWS = 1000; // the first rows after sorting may be the last of the answer
/** The parameter with the section whose view is open. Only one view is open, since views keep their state in the address. */
const OPEN = "open";

/** Returns the address of a question with its parameters. */
function questionAddress(link: QuestionLink): string {
  return href("ask", link.question, { ...link.parameters, sort: link.sort });
}

/** The page of the entity in the address. The control for its day stays while the page of another day is loaded. */
export function EntityPage() {
  return (
    <>
      <AsOf />
      <ServerPage />
    </>
  );
}

/** Answers to questions about an entity, all statements about it, and its neighbours. */
export function Sections({ iri, links }: { iri: string; links: readonly QuestionLink[] }) {
  const { params } = useRoute();
  const day = params.get(AS_OF) ?? undefined;
  const open = params.get(OPEN) ?? links.find(({ view }) => view !== "table")?.question;
  return (
    <>
      {links.map((link) => (
        <Section key={link.question} link={link} iri={iri} day={day} isOpen={link.question === open} />
      ))}
      <AllStatements iri={iri} day={day} />
      <Neighbours iri={iri} day={day} />
    </>
  );
}

interface Props {
  readonly link: QuestionLink;
  readonly iri: string;
  readonly day: string | undefined;
  readonly isOpen: boolean;
}

/** The answer to a question about an entity: its first rows, or its main view if the section is open. */
function Section({ link, iri, day, isOpen }: Props) {
  const lang = useLanguage();
  const section = useRef<HTMLElement>(null);
  const isNear = useIsNear(section);
  const view: View = isOpen ? link.view : "table";
  const limit = view !== "table" ? undefined : link.sort ? MAX_SORTED_ROWS : MAX_ROWS;
  const params = { ...link.parameters, as_of: link.hasDay ? day : undefined, lang, limit };
  const answer = useGet<Answer>(isNear ? `api/questions/${link.question}/answer` : null, params);
  const catalogue = useCatalogue().data;
  const show = (catalogue && questionsOf(catalogue).find(({ name }) => name === link.question)?.show) ?? {};
  return (
    <section class="of-question" ref={section}>
      <h2>{link.title}</h2>
      {isNear && catalogue && (
        <Loaded of={answer}>{(data) => <SectionAnswer answer={data} show={show} link={link} view={view} iri={iri} />}</Loaded>
      )}
    </section>
  );
}

interface SectionAnswerProps extends Omit<Props, "day" | "isOpen"> {
  readonly answer: Answer;
  readonly show: Show;
  readonly view: View;
}

function SectionAnswer({ answer, show, link, view, iri }: SectionAnswerProps) {
  const w = useWords(words);
  const a = useWords(answerWords);
  const lang = useLanguage();
  const { params } = useRoute();
  if (!answer.rows.length) return <p class="quiet">{answer.reason?.text}</p>;
  const more = answer.total > MAX_ROWS ? fill(w.allRows, number(answer.total, lang)) : w.open;
  const withoutViewState = Object.fromEntries([...params.keys()].filter(isViewParameter).map((name) => [name, null]));
  return (
    <>
      <div class="bar">
        {link.view !== "table" && (
          <nav class="views" aria-label={`${link.title} ${a.as}`}>
            {(["table", link.view] as const).map((name) => (
              <a
                key={name}
                href={hrefWith({ ...withoutViewState, [OPEN]: name === "table" ? "-" : link.question })}
                aria-current={name === view ? "true" : undefined}
              >
                {a.views[name]}
              </a>
            ))}
          </nav>
        )}
        <a href={questionAddress(link)} aria-label={`${link.title}: ${more}`}>
          {more}
        </a>
        {answer.support && <span class="quiet">{answer.support.text}</span>}
      </div>
      {view === "table" ? (
        <AnswerTable
          answer={answer}
          show={show}
          brief={{
            columns: columnsOf(answer, link.columns.length ? link.columns : show.brief, iri),
            maxRows: MAX_ROWS,
            order: parseOrder(link.sort),
          }}
        />
      ) : (
        <AnswerView view={view} answer={answer} show={show} />
      )}
    </>
  );
}

/** Returns the names of the brief columns, without those that are empty or only repeat the entity. */
function columnsOf({ columns, rows }: Answer, brief: readonly string[] | undefined, iri: string): string[] {
  const selected = columns.filter(({ name }) => !brief?.length || brief.includes(name));
  const hasOtherValues = (name: string) => rows.some((row) => each(row[name]).some((value) => !isThing(value) || value.iri !== iri));
  return selected.map(({ name }) => name).filter(hasOtherValues);
}

/** All statements about an entity, the best supported values first. */
function AllStatements({ iri, day }: { iri: string; day: string | undefined }) {
  const w = useWords(words);
  const lang = useLanguage();
  const section = useRef<HTMLElement>(null);
  const isNear = useIsNear(section);
  const loading = useGet<Evidence>(isNear ? "api/evidence" : null, { iri, as_of: day, lang });
  return (
    <section class="statements" ref={section}>
      <h2>{w.statements}</h2>
      <p class="quiet">{w.ordered}</p>
      {isNear && <Loaded of={loading}>{(evidence) => <Statements evidence={evidence} />}</Loaded>}
    </section>
  );
}

const MAX_NODES = 8; // per class

interface NeighbourGroups {
  readonly groups: readonly {
    readonly kind: Thing;
    readonly total: number;
    readonly nodes: readonly (Thing & { readonly statements: number })[];
  }[];
}

/** The neighbours of an entity by class, the most important first. */
function Neighbours({ iri, day }: { iri: string; day: string | undefined }) {
  const w = useWords(words);
  const lang = useLanguage();
  const section = useRef<HTMLElement>(null);
  const isNear = useIsNear(section);
  const loading = useGet<NeighbourGroups>(isNear ? "api/neighbours" : null, {
    iri,
    as_of: day,
    lang,
    order: "importance",
    limit: MAX_NODES,
  });
  return (
    <section class="linked" ref={section}>
      <h2>{w.neighbours}</h2>
      <p class="quiet">{w.byImportance}</p>
      {isNear && (
        <Loaded of={loading}>
          {({ groups }) =>
            groups.length === 0 ? (
              <Empty>{w.none}</Empty>
            ) : (
              <div class="groups">
                {groups.map(({ kind, total, nodes }) => (
                  <section key={kind.iri}>
                    <h3>
                      {kind.label}{" "}
                      <span class="count">
                        {nodes.length < total ? fill(w.shownOf, number(nodes.length, lang), number(total, lang)) : number(total, lang)}
                      </span>
                    </h3>
                    <ul>
                      {nodes.map((node) => (
                        <li key={node.iri}>
                          <a href={entityAddress(node.iri)}>
                            <bdi>{node.label}</bdi>
                          </a>{" "}
                          <small>{fill(w.count, number(node.statements, lang))}</small>
                        </li>
                      ))}
                    </ul>
                    {total > nodes.length && <a href={href("explore", "", { thing: iri })}>{fill(w.more, total - nodes.length)}</a>}
                  </section>
                ))}
              </div>
            )
          }
        </Loaded>
      )}
    </section>
  );
}
