import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { AnswerView } from "../answer/answer-view";
import { rolesOf, viewsOf } from "../answer/roles";
import { words as answerWords } from "../answer/words";
import { fetchLabels, postQuery, readText, sendQuery } from "../api/sparql";
import type { Ontology, Show, View } from "../api/types";
import { useGet, useLoading } from "../api/use";
import { fill, number, useLanguage, useWords } from "../state/language";
import type { Prefixes } from "../state/names";
import { hrefWith, useRoute } from "../state/route";
import { Copy } from "../ui/copy";
import { Empty, Loaded } from "../ui/loaded";
import { Download } from "./download";
import type { Outcome } from "./run";
import { keyOf, useScope } from "./scope";
import { answerOf, answerOfTriples, entitiesIn, type Rows, withLabels } from "./solutions";
import { parseTriples } from "./triples";
import { words } from "./words";

const MAX_LABELS = 3000; // entities whose labels are looked up

/** The result of a query, by its form. */
export function OutcomeView({ query, outcome }: { query: string; outcome: Outcome }) {
  const w = useWords(words);
  const lang = useLanguage();
  const ontology = useGet<Ontology>("api/ontology", { lang });
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
  const prefixes = ontology.state === "loaded" ? ontology.data.prefixes : {};
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
  const lang = useLanguage();
  const isRecord = useScope().over === "record";
  const answer = useMemo(
    () => ({ ...answerOf(outcome.results, w.answer, prefixes), isExplainable: !isRecord }),
    [outcome, w, prefixes, isRecord],
  );
  const count = answer.rows.length;
  return (
    <>
      <div class="bar">
        <ViewChoice views={viewsOf(answer, {}, "table")} first="table" />
        <span class="quiet" role="status">
          {fill(w.rows, number(count, lang))} · <Duration milliseconds={outcome.duration} />
        </span>
        <Download query={query} formats={["csv", "tsv", "json", "xml"]} />
      </div>
      {outcome.maxRows > 0 && count >= outcome.maxRows && <p class="cut">{fill(w.maxRows, number(outcome.maxRows, lang))}</p>}
      {count ? <RowsWithLabels answer={answer} show={{}} /> : isRecord ? <Empty>{w.none}</Empty> : <NoResults query={query} />}
    </>
  );
}

interface EmptyReason {
  readonly reason: { readonly text: string } | null;
}

/** The reason why a query has no results, if the server knows it. */
function NoResults({ query }: { query: string }) {
  const w = useWords(words);
  const lang = useLanguage();
  const day = useScope().as_of;
  const reason = useLoading(useCallback(() => postQuery<EmptyReason>("api/reason", query, { as_of: day, lang }), [query, day, lang]));
  return <Empty>{(reason.state === "loaded" && reason.data.reason?.text) || w.none}</Empty>;
}

/** A graph as Turtle. Its triples are only requested when it is shown as a drawing or a table. */
function Graph({ query, outcome, prefixes }: Props<"graph">) {
  const w = useWords(words);
  const view = useRoute().params.get("as") ?? "text";
  return (
    <>
      <div class="bar">
        <ViewChoice views={["text", "graph", "table"]} first="text" />
        <span class="quiet" role="status">
          <Duration milliseconds={outcome.duration} />
        </span>
        {view === "text" && <Copy text={outcome.turtle} />}
        <Download query={query} formats={["turtle", "ntriples", "jsonld", "rdfxml"]} />
      </div>
      {outcome.turtle.trim() === "" ? (
        <Empty>{w.none}</Empty>
      ) : view === "text" ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable regions must be focusable
        <pre class="turtle" tabIndex={0}>
          {outcome.turtle}
        </pre>
      ) : (
        <Triples query={query} maxRows={outcome.maxRows} prefixes={prefixes} />
      )}
    </>
  );
}

function Triples({ query, maxRows, prefixes }: { query: string; maxRows: number; prefixes: Prefixes }) {
  const w = useWords(words);
  const lang = useLanguage();
  const scope = useScope();
  const load = useCallback(
    async () => parseTriples(await readText(await sendQuery(query, "application/n-triples", undefined, scope))),
    [query, keyOf(scope)],
  );
  const [subject = "", relation = "", object = ""] = w.columns;
  return (
    <Loaded of={useLoading(load)}>
      {(triples) => (
        <>
          <p class="quiet">{fill(w.triples, number(triples.length, lang))}</p>
          {maxRows > 0 && triples.length >= maxRows && <p class="cut">{fill(w.maxTriples, number(maxRows, lang))}</p>}
          <RowsWithLabels
            answer={answerOfTriples(triples, [subject, relation, object], w.answer, prefixes)}
            show={{ subject, relation, object }}
          />
        </>
      )}
    </Loaded>
  );
}

/** Rows in the selected view, with labels as soon as they are loaded. */
function RowsWithLabels({ answer, show }: { answer: Rows; show: Show }) {
  const w = useWords(words);
  const lang = useLanguage();
  const requestedView = useRoute().params.get("as");
  const [loadedLabels, setLoadedLabels] = useState<ReadonlyMap<string, string> | null>(null);
  const [hasFailed, setHasFailed] = useState(false);
  const entities = useMemo(() => entitiesIn(answer.rows, MAX_LABELS), [answer]);
  useEffect(() => {
    const controller = new AbortController();
    setHasFailed(false);
    fetchLabels(entities, lang, controller.signal).then(setLoadedLabels, () => !controller.signal.aborted && setHasFailed(true));
    return () => controller.abort();
  }, [entities, lang]);
  const labelledAnswer = useMemo(() => (loadedLabels ? withLabels(answer, loadedLabels) : answer), [answer, loadedLabels]);
  const view = viewsOf(answer, show, "table").find((name) => name === requestedView) ?? "table";
  return (
    <>
      {hasFailed && <p class="quiet">{w.noLabels}</p>}
      {entities.length >= MAX_LABELS && <p class="quiet">{fill(w.unlabelled, number(MAX_LABELS, lang))}</p>}
      <AnswerView view={view} answer={labelledAnswer} show={view === "table" ? show : rolesOf({ answer: labelledAnswer, show })} />
    </>
  );
}

function Duration({ milliseconds }: { milliseconds: number }) {
  const w = useWords(words);
  return <>{fill(w.took, (milliseconds / 1000).toFixed(milliseconds < 1000 ? 2 : 1))}</>;
}

function ViewChoice({ views, first }: { views: readonly (View | "text")[]; first: View | "text" }) {
  const a = useWords(answerWords);
  const w = useWords(words);
  const requestedView = useRoute().params.get("as");
  const view = views.find((name) => name === requestedView) ?? first;
  if (views.length < 2) return null;
  return (
    <nav class="views" aria-label={a.as}>
      {views.map((name) => (
        <a key={name} href={hrefWith({ as: name === first ? null : name })} aria-current={name === view ? "true" : undefined}>
          {name === "text" ? w.text : a.views[name]}
        </a>
      ))}
    </nav>
  );
}
