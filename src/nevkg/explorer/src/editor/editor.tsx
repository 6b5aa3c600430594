import { useEffect, useMemo, useState } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { go, href, useRoute } from "../state/route";
import { Copy } from "../ui/copy";
import { ErrorMessage } from "../ui/loaded";
import { Code } from "./code";
import type { Problem } from "./codemirror";
import { Examples } from "./examples";
import { addToHistory } from "./history";
import { HistoryMenu } from "./history-menu";
import { OutcomeView } from "./outcome";
import { keyOf, useScope } from "./scope";
import { ScopeChoice } from "./scope-choice";
import { type RunStatus, useRun } from "./use-run";
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
