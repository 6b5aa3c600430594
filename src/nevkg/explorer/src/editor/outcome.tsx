import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { AnswerView } from "../answer/answer-view";
import { rolesOf, viewsOf } from "../answer/roles";
import { words as answerWords } from "../answer/words";
import { labels, ofQuery, sparql, textOf } from "../api/sparql";
import type { Ontology, Show, View } from "../api/types";
import { useGet, useLoading } from "../api/use";
import { fill, number, useLanguage, useWords } from "../state/language";
import type { Prefixes } from "../state/names";
import { here, useRoute } from "../state/route";
import { Copy } from "../ui/copy";
import { Empty, Loaded } from "../ui/loaded";
import { Download } from "./download";
import type { Outcome } from "./run";
import { keyOf, useScope } from "./scope";
import { answerOf, answerOfTriples, labelled, type Rows, thingsIn } from "./solutions";
import { parseTriples } from "./triples";
import { words } from "./words";

const LABELLED = 3000; // things whose labels are looked up

/** What a query gave. */
export function Found({ query, outcome }: { query: string; outcome: Outcome }) {
  const w = useWords(words);
  const language = useLanguage();
  const ontology = useGet<Ontology>("api/ontology", { lang: language });
  if (outcome.form === "truth")
    return (
      <div class="truth">
        <p class="verdict">{outcome.truth ? w.yes : w.no}</p>
        <p class="quiet">{outcome.truth ? w.yesWhy : w.noWhy}</p>
        <Download query={query} formats={["json", "xml"]} />
      </div>
    );
  if (outcome.form === "large")
    return (
      <div class="bar">
        <p class="cut">{w.large}</p>
        <Download query={query} formats={["csv", "tsv", "json", "xml", "ntriples"]} />
      </div>
    );
  if (ontology.state === "waiting") return null;
  const prefixes = ontology.state === "there" ? ontology.data.prefixes : {};
  return outcome.form === "graph" ? (
    <Graph query={query} outcome={outcome} prefixes={prefixes} />
  ) : (
    <Table query={query} outcome={outcome} prefixes={prefixes} />
  );
}

interface Props<F> {
  readonly query: string;
  readonly outcome: Extract<Outcome, { form: F }>;
  readonly prefixes: Prefixes;
}

function Table({ query, outcome, prefixes }: Props<"rows">) {
  const w = useWords(words);
  const language = useLanguage();
  const isRecord = useScope().over === "record";
  const answer = useMemo(
    () => ({ ...answerOf(outcome.results, w.answer, prefixes), explained: !isRecord }),
    [outcome, w, prefixes, isRecord],
  );
  const count = answer.rows.length;
  return (
    <>
      <div class="bar">
        <Choice views={viewsOf(answer, {}, "table")} first="table" />
        <span class="quiet" role="status">
          {fill(w.rows, number(count, language))} · <Took of={outcome.took} />
        </span>
        <Download query={query} formats={["csv", "tsv", "json", "xml"]} />
      </div>
      {outcome.most > 0 && count >= outcome.most && <p class="cut">{fill(w.most, number(outcome.most, language))}</p>}
      {count ? <Labelled answer={answer} show={{}} /> : isRecord ? <Empty>{w.none}</Empty> : <Nothing query={query} />}
    </>
  );
}

interface Reasoned {
  readonly reason: { readonly text: string } | null;
}

/** Why a query found nothing. */
function Nothing({ query }: { query: string }) {
  const w = useWords(words);
  const language = useLanguage();
  const day = useScope().as_of;
  const reason = useLoading(
    useCallback(() => ofQuery<Reasoned>("api/reason", query, { as_of: day, lang: language }), [query, day, language]),
  );
  return <Empty>{(reason.state === "there" && reason.data.reason?.text) || w.none}</Empty>;
}

/** A graph as the text that was given; drawn, or as a table, from its triples, which are asked for only then. */
function Graph({ query, outcome, prefixes }: Props<"graph">) {
  const w = useWords(words);
  const view = useRoute().params.get("as") ?? "text";
  return (
    <>
      <div class="bar">
        <Choice views={["text", "graph", "table"]} first="text" />
        <span class="quiet" role="status">
          <Took of={outcome.took} />
        </span>
        {view === "text" && <Copy text={outcome.turtle} />}
        <Download query={query} formats={["turtle", "ntriples", "jsonld", "rdfxml"]} />
      </div>
      {outcome.turtle.trim() === "" ? (
        <Empty>{w.none}</Empty>
      ) : view === "text" ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <pre class="turtle" tabIndex={0}>
          {outcome.turtle}
        </pre>
      ) : (
        <Triples query={query} most={outcome.most} prefixes={prefixes} />
      )}
    </>
  );
}

function Triples({ query, most, prefixes }: { query: string; most: number; prefixes: Prefixes }) {
  const w = useWords(words);
  const language = useLanguage();
  const scope = useScope();
  const load = useCallback(
    async () => parseTriples(await textOf(await sparql(query, "application/n-triples", undefined, scope))),
    [query, keyOf(scope)],
  );
  const [subject = "", relation = "", object = ""] = w.columns;
  return (
    <Loaded of={useLoading(load)}>
      {(triples) => (
        <>
          <p class="quiet">{fill(w.triples, number(triples.length, language))}</p>
          {most > 0 && triples.length >= most && <p class="cut">{fill(w.mostTriples, number(most, language))}</p>}
          <Labelled
            answer={answerOfTriples(triples, [subject, relation, object], w.answer, prefixes)}
            show={{ subject, relation, object }}
          />
        </>
      )}
    </Loaded>
  );
}

/** Rows in the chosen view, with labels as soon as they are there. */
function Labelled({ answer, show }: { answer: Rows; show: Show }) {
  const w = useWords(words);
  const language = useLanguage();
  const params = useRoute().params.get("as");
  const [found, set] = useState<ReadonlyMap<string, string> | null>(null);
  const [failed, fail] = useState(false);
  const things = useMemo(() => thingsIn(answer.rows, LABELLED), [answer]);
  useEffect(() => {
    const stop = new AbortController();
    fail(false);
    labels(things, language, stop.signal).then(set, () => !stop.signal.aborted && fail(true));
    return () => stop.abort();
  }, [things, language]);
  const told = useMemo(() => (found ? labelled(answer, found) : answer), [answer, found]);
  const view = viewsOf(answer, show, "table").find((one) => one === params) ?? "table";
  return (
    <>
      {failed && <p class="quiet">{w.noLabels}</p>}
      {things.length >= LABELLED && <p class="quiet">{fill(w.unlabelled, number(LABELLED, language))}</p>}
      <AnswerView view={view} answer={told} show={view === "table" ? show : rolesOf({ answer: told, show })} />
    </>
  );
}

function Took({ of }: { of: number }) {
  const w = useWords(words);
  return <>{fill(w.took, (of / 1000).toFixed(of < 1000 ? 2 : 1))}</>;
}

function Choice({ views, first }: { views: readonly (View | "text")[]; first: View | "text" }) {
  const a = useWords(answerWords);
  const w = useWords(words);
  const params = useRoute().params.get("as");
  const chosen = views.find((one) => one === params) ?? first;
  if (views.length < 2) return null;
  return (
    <nav class="views" aria-label={a.as}>
      {views.map((one) => (
        <a key={one} href={here({ as: one === first ? null : one })} aria-current={one === chosen ? "true" : undefined}>
          {one === "text" ? w.text : a.views[one]}
        </a>
      ))}
    </nav>
  );
}
