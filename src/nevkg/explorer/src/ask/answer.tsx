import { useCallback, useEffect, useState } from "preact/hooks";
import { populationOf } from "../answer/population";
import { words as answerWords } from "../answer/words";
import { address, fetchJson, get, type Loading, readNow, useLoading } from "../api/requests";
import { isSite } from "../api/site";
import type { Answer, QuestionHead, Show, SupportDocument, View } from "../api/types";
import { fill, number, useLanguage, useWords } from "../state/language";
import { hrefWith } from "../state/route";
import { STANDING } from "../state/standings";
import { requestParams } from "./parameters";
import { words } from "./words";

const NO_PARAMETERS = new URLSearchParams();
const MAX_ROWS = 100_000; // more than a page can show; a download has all rows

/** Returns the path and query of an answer, for requests and downloads. */
export function answerAddress(question: QuestionHead, params: URLSearchParams, lang: string, format?: string): string {
  return address(`api/questions/${question.name}/answer`, { ...requestParams(question, params), lang, ...(format ? { format } : {}) });
}

/**
 * Loads the answer to a question. It can be shown after its first page; the rows of further pages are added as they arrive. With
 * `rowsFirst`, it can be shown before its evidence arrives, which takes a server most of the time.
 */
export function useAnswer(question: QuestionHead, params = NO_PARAMETERS, rowsFirst = false): Loading<Answer> {
  const whole = answerAddress(question, params, useLanguage());
  const url = rowsFirst && !isSite ? `${whole}&evidence=false` : whole;
  const loading = useLoading(
    useCallback(() => get<Answer>(url), [url]),
    readNow<Answer>(url),
  );
  const [extended, setExtended] = useState<Answer | null>(null);
  const first = loading.state === "loaded" ? loading.data : null;
  useEffect(() => {
    if (!first || (url === whole && !first.truncated)) return;
    const stop = new AbortController();
    const complete = async () => {
      const answer = url === whole ? first : await get<Answer>(whole);
      if (answer !== first && !stop.signal.aborted) setExtended(answer);
      await loadPages(answer, stop.signal, setExtended);
    };
    complete().catch(() => undefined); // the loaded rows stay; if others are missing, a note says so
    return () => {
      stop.abort();
      setExtended(null);
    };
  }, [first]);
  return extended && first ? { state: "loaded", data: extended } : loading;
}

async function loadPages(first: Answer, stop: AbortSignal, onPage: (answer: Answer) => void): Promise<void> {
  let answer = first;
  while (answer.next && answer.rows.length < MAX_ROWS) {
    const next = await fetchJson<Answer>(`api/questions/${first.question}/answer${answer.next}`, {}, stop);
    answer = {
      ...next,
      offset: 0,
      rows: [...answer.rows, ...next.rows],
      evidence: [...(answer.evidence ?? []), ...(next.evidence ?? [])],
      sources: [...new Map([...(answer.sources ?? []), ...(next.sources ?? [])].map((source) => [source.iri, source])).values()],
    };
    if (!stop.aborted) onPage(answer);
  }
}

/** A note that some rows are not loaded yet. */
export function PartialNote({ answer: { truncated, rows, total } }: { answer: Answer }) {
  const w = useWords(words);
  const lang = useLanguage();
  if (!truncated) return null;
  return (
    <p class="quiet" role="status">
      {fill(w.partial, number(rows.length, lang), number(total, lang))}
    </p>
  );
}

interface SupportProps {
  readonly answer: Answer;
  readonly show: Show;
  readonly view: View;
}

/** A note on how well the rows are supported, with a link that adds the rows that are left out. */
export function SupportLine({ answer, show, view }: SupportProps) {
  const population = populationOf(answer, show, view, useWords(answerWords));
  if (!population) return null;
  return (
    <p class="quiet">
      {population} <ShowLeftOut support={answer.support} />
    </p>
  );
}

/** The link that adds the rows that are not well supported. */
export function ShowLeftOut({ support }: { support: SupportDocument | undefined }) {
  const w = useWords(words);
  return support?.leftOut.length ? <a href={hrefWith({ [STANDING]: "*", page: null })}>{w.showLeftOut}</a> : null;
}
