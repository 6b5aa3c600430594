import { useEffect, useMemo, useState } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { go, href, useRoute } from "../state/route";
import { Copy } from "../ui/copy";
import { ErrorMessage } from "../ui/loaded";
import { Code } from "./code";
import type { Problem } from "./codemirror";
import { Examples } from "./examples";
import { remember } from "./history";
import { Found } from "./outcome";
import { Past } from "./past";
import { keyOf, useScope } from "./scope";
import { ScopeChoice } from "./scope-choice";
import { type Running, useRun } from "./use-run";
import { words } from "./words";
import "./editor.css";

/** Queries of the reader's own. What runs stands in the address; what is being written does not. */
export function Editor() {
  const w = useWords(words);
  const query = useRoute().params.get("query") ?? "";
  const params = useScope();
  const [scope, choose] = useState(params);
  const [given, give] = useState({ text: query || w.begin });
  const [text, write] = useState(given.text);
  const [turn, again] = useState(0);
  const running = useRun(query, params, turn);
  const put = (wanted: string) => {
    give({ text: wanted });
    write(wanted);
  };
  useEffect(() => {
    if (query) put(query);
  }, [query]);
  useEffect(() => {
    if (query) choose(params);
  }, [query, keyOf(params)]);
  const run = () => {
    if (!text.trim()) return;
    remember(text);
    if (text === query && keyOf(scope) === keyOf(params)) again((count) => count + 1);
    else go(href("sparql", "", { query: text, ...scope }));
  };
  const problem = useMemo(() => problemOf(running, query), [running, query]);
  return (
    <div class="sparql-page">
      <header>
        <h1>{w.title}</h1>
        <p class="quiet">{w.lead}</p>
      </header>
      <div class="bar">
        <Examples
          choose={(wanted, of) => {
            put(wanted);
            choose(of);
          }}
        />
        <Past choose={put} turn={turn} />
      </div>
      <Code given={given} problem={text === query ? problem : null} change={write} run={run} />
      <div class="bar">
        {running.state === "running" ? (
          <button type="button" onClick={running.stop}>
            {w.cancel}
          </button>
        ) : (
          <button type="button" class="primary" onClick={run}>
            {w.run}
          </button>
        )}
        <ScopeChoice scope={scope} choose={choose} />
        <Copy text={text}>{w.copy}</Copy>
        <span class="quiet hint">{w.hint}</span>
      </div>
      <div aria-busy={running.state === "running"}>
        <Told running={running} query={query} problem={problem} />
      </div>
    </div>
  );
}

function Told({ running, query, problem }: { running: Running; query: string; problem: Problem | null }) {
  const w = useWords(words);
  switch (running.state) {
    case "done":
      return <Found query={query} outcome={running.outcome} />;
    case "failed":
      if (problem)
        return (
          <div class="trouble" role="alert">
            <p>
              {fill(w.wrong, problem.line, problem.column)} <span lang="en">{problem.message}</span>
            </p>
          </div>
        );
      return running.error.status === 504 ? (
        <div class="trouble" role="alert">
          <p>{w.limit}</p>
        </div>
      ) : (
        <ErrorMessage error={running.error} />
      );
    default:
      return (
        <p class="quiet" role="status">
          {w[running.state]}
        </p>
      );
  }
}

function problemOf(running: Running, query: string): Problem | null {
  if (running.state !== "failed" || running.error.line === undefined || !query) return null;
  return { line: running.error.line, column: running.error.column ?? 1, message: running.error.message };
}
