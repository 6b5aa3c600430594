import { useEffect, useMemo, useState } from "preact/hooks";
import { get } from "../api/requests";
import type { Scope } from "../api/sparql";
import type { Catalogue, QuestionHead } from "../api/types";
import { fill, localize, useLanguage, useWords } from "../state/language";
import { go, href, useRoute } from "../state/route";
import { Combobox } from "../ui/combobox";
import { Copy } from "../ui/controls";
import { ErrorMessage } from "../ui/loading";
import { matcherOf } from "../ui/text";
import { Code, type Problem } from "./code";
import { addToHistory, HistoryMenu } from "./history";
import { OutcomeView } from "./outcome";
import { keyOf, type RunStatus, ScopeChoice, useRun, useScope } from "./run";
import { words } from "./words";
import "./editor.css";

/** The page of the SPARQL editor. The address contains the last query that was run, not the text being edited. */
export function EditorPage() {
  const w = useWords(words);
  const query = useRoute().params.get("query") ?? "";
  const params = useScope();
  const [scope, setScope] = useState(params);
  const [initial, setInitial] = useState({ text: query || w.defaultQuery });
  const [text, setText] = useState(initial.text);
  const [runCount, setRunCount] = useState(0);
  const status = useRun(query, params, runCount);
  const load = (next: string) => {
    setInitial({ text: next });
    setText(next);
  };
  useEffect(() => {
    if (query) load(query);
  }, [query]);
  useEffect(() => {
    if (query) setScope(params);
  }, [query, keyOf(params)]);
  const run = () => {
    if (!text.trim()) return;
    addToHistory(text);
    if (text === query && keyOf(scope) === keyOf(params)) setRunCount((count) => count + 1);
    else go(href("sparql", "", { query: text, ...scope }));
  };
  const problem = useMemo(() => problemOf(status, query), [status, query]);
  return (
    <div class="sparql-page">
      <header>
        <h1>{w.title}</h1>
        <p class="quiet">{w.lead}</p>
      </header>
      <div class="bar">
        <Examples
          choose={(example, exampleScope) => {
            load(example);
            setScope(exampleScope);
          }}
        />
        <HistoryMenu choose={load} runCount={runCount} />
      </div>
      <Code initial={initial} problem={text === query ? problem : null} onChange={setText} onRun={run} />
      <div class="bar">
        {/* Run stays where it is, so that a second click runs the query again instead of cancelling it. */}
        <button type="button" class="primary" onClick={run}>
          {w.run}
        </button>
        {status.state === "running" && (
          <button type="button" onClick={status.stop}>
            {w.cancel}
          </button>
        )}
        <ScopeChoice scope={scope} choose={setScope} />
        <Copy text={text}>{w.copy}</Copy>
        <span class="quiet hint">{w.hint}</span>
      </div>
      <div aria-busy={status.state === "running"}>
        <RunResult status={status} query={query} problem={problem} />
      </div>
    </div>
  );
}

function RunResult({ status, query, problem }: { status: RunStatus; query: string; problem: Problem | null }) {
  const w = useWords(words);
  switch (status.state) {
    case "done":
      return <OutcomeView query={query} outcome={status.outcome} />;
    case "failed":
      if (problem)
        return (
          <div class="trouble" role="alert">
            <p>
              {fill(w.wrong, problem.line, problem.column)} <span lang="en">{problem.message}</span>
            </p>
          </div>
        );
      return status.error.status === 504 ? (
        <div class="trouble" role="alert">
          <p>{w.limit}</p>
        </div>
      ) : (
        <ErrorMessage error={status.error} />
      );
    default:
      return (
        <p class="quiet" role="status">
          {w[status.state]}
        </p>
      );
  }
}

function problemOf(status: RunStatus, query: string): Problem | null {
  if (status.state !== "failed" || status.error.line === undefined || !query) return null;
  return { line: status.error.line, column: status.error.column ?? 1, message: status.error.message };
}

/** The search for example queries in the catalogue. */
function Examples({ choose }: { choose: (query: string, scope: Scope) => void }) {
  const w = useWords(words);
  const lang = useLanguage();
  const find = async (text: string) => {
    const isMatch = matcherOf(text);
    const { topics } = await get<Catalogue>("api/questions");
    return topics.flatMap((topic) =>
      topic.questions
        .filter((question) => isMatch(searchText(question)))
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
  return [question.name, ...Object.values(question.title), ...question.tags].join(" ");
}

/** Removes the comments with metadata at the beginning of a query of the catalogue. */
function withoutMetadata(query: string): string {
  return query.replace(/^(#\+.*\n)+\n*/, "");
}
