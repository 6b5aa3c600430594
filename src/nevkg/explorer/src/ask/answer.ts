import { useCallback, useEffect, useState } from "preact/hooks";
import { address, fetchJson, get } from "../api/get";
import type { Answer, QuestionHead } from "../api/types";
import { type Loading, useLoading } from "../api/use";
import { useLanguage } from "../state/language";
import { requestParams } from "./parameters";

const MOST = 100_000; // rows that a page holds; a download has all

/** The path and query of an answer, for requests and for downloads. */
export function answerAddress(question: QuestionHead, params: URLSearchParams, lang: string, format?: string): string {
  return address(`api/questions/${question.name}/answer`, { ...requestParams(question, params), lang, ...(format ? { format } : {}) });
}

/** The answer to a question. Its first rows come first; those that follow are added as they come. */
export function useAnswer(question: QuestionHead, params: URLSearchParams): Loading<Answer> {
  const url = answerAddress(question, params, useLanguage());
  const loading = useLoading(useCallback(() => get<Answer>(url), [url]));
  const [whole, add] = useState<Answer | null>(null);
  const first = loading.state === "loaded" ? loading.data : null;
  useEffect(() => {
    if (!first?.truncated) return;
    const stop = new AbortController();
    follow(first, stop.signal, add).catch(() => undefined); // what is there stays, and says how much is missing
    return () => {
      stop.abort();
      add(null);
    };
  }, [first]);
  return whole && first ? { state: "loaded", data: whole } : loading;
}

async function follow(first: Answer, stop: AbortSignal, add: (answer: Answer) => void): Promise<void> {
  let answer = first;
  while (answer.next && answer.rows.length < MOST) {
    const next = await fetchJson<Answer>(`api/questions/${first.question}/answer${answer.next}`, {}, stop);
    answer = {
      ...next,
      offset: 0,
      rows: [...answer.rows, ...next.rows],
      evidence: [...(answer.evidence ?? []), ...(next.evidence ?? [])],
      sources: [...new Map([...(answer.sources ?? []), ...(next.sources ?? [])].map((source) => [source.iri, source])).values()],
    };
    if (!stop.aborted) add(answer);
  }
}
