import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { AnswerView, useView, ViewChoice } from "../answer/answer-view";
import { viewsOf } from "../answer/roles";
import { countRows } from "../answer/rows";
import { RequestError, useLoading } from "../api/requests";
import { fetchLabels, postQuery, readText, sendQuery } from "../api/sparql";
import type { Show } from "../api/types";
import { useOntology } from "../state/dataset";
import { fill, number, useLanguage, useWords } from "../state/language";
import { Copy } from "../ui/controls";
import { save } from "../ui/download";
import { Empty, Loaded } from "../ui/loading";
import { answerOf, answerOfTriples, entitiesIn, type Prefixes, parseTriples, type Rows, withLabels } from "./results";
import { keyOf, type Outcome, useScope } from "./run";
import { words } from "./words";

const GRAPH_VIEWS = ["text", "graph", "table"] as const;
const MAX_LABELS = 3000; // entities whose labels are looked up

/** The result of a query, by its form. */
export function OutcomeView({ query, outcome }: { query: string; outcome: Outcome }) {
  const w = useWords(words);
  const ontology = useOntology();
  if (outcome.form === "truth")
    return (
      <div class="truth">
        <p class="verdict">{outcome.truth ? w.matches : w.matchesNot}</p>
        <p class="quiet">{outcome.truth ? w.matchesWhy : w.matchesNotWhy}</p>
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
  const prefixes = ontology.data?.prefixes ?? {};
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
          {countRows(count, lang)} · <Duration milliseconds={outcome.duration} />
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
  return <Empty>{reason.data?.reason?.text || w.none}</Empty>;
}

/** A graph as Turtle. Its triples are only requested when it is shown as a drawing or a table. */
function Graph({ query, outcome, prefixes }: Props<"graph">) {
  const w = useWords(words);
  const view = useView(GRAPH_VIEWS, "text");
  return (
    <>
      <div class="bar">
        <ViewChoice views={GRAPH_VIEWS} first="text" />
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
  const { subject, relation, object } = w.columns;
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
  const view = useView(viewsOf(answer, show, "table"), "table");
  return (
    <>
      {hasFailed && <p class="quiet">{w.noLabels}</p>}
      {entities.length >= MAX_LABELS && <p class="quiet">{fill(w.unlabelled, number(MAX_LABELS, lang))}</p>}
      <AnswerView view={view} answer={labelledAnswer} show={show} />
    </>
  );
}

function Duration({ milliseconds }: { milliseconds: number }) {
  const w = useWords(words);
  return <>{fill(w.took, (milliseconds / 1000).toFixed(milliseconds < 1000 ? 2 : 1))}</>;
}

/** The result formats: display name, media type and file extension. */
const FORMATS = {
  csv: ["CSV", "text/csv", "csv"],
  tsv: ["TSV", "text/tab-separated-values", "tsv"],
  json: ["JSON", "application/sparql-results+json", "srj"],
  xml: ["XML", "application/sparql-results+xml", "srx"],
  turtle: ["Turtle", "text/turtle", "ttl"],
  ntriples: ["N-Triples", "application/n-triples", "nt"],
  jsonld: ["JSON-LD", "application/ld+json", "jsonld"],
  rdfxml: ["RDF/XML", "application/rdf+xml", "rdf"],
} as const;

type Format = keyof typeof FORMATS;

/** The menu that downloads the whole result, which is requested again in the selected format. */
function Download({ query, formats }: { query: string; formats: readonly Format[] }) {
  const w = useWords(words);
  const scope = useScope();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState("");
  const download = async (format: Format) => {
    const [, media, extension] = FORMATS[format];
    setIsBusy(true);
    setError("");
    try {
      save(`nevkg-query.${extension}`, media, await (await sendQuery(query, media, undefined, scope)).blob());
    } catch (caught) {
      setError(caught instanceof RequestError ? caught.message || String(caught.status) : String(caught));
    }
    setIsBusy(false);
  };
  return (
    <details class="menu">
      <summary>{w.download}</summary>
      <div>
        {formats.map((format) => (
          <button key={format} type="button" class="plain" disabled={isBusy} onClick={() => download(format)}>
            {FORMATS[format][0]}
          </button>
        ))}
        <p role="status">
          {isBusy && w.running}
          {error && `${w.failed} ${error}`}
        </p>
      </div>
    </details>
  );
}
