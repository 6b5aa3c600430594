import type { ComponentChildren } from "preact";
import type { RequestError } from "../api/get";
import type { Loading } from "../api/use";
import { useWords } from "../state/language";
import { words } from "./words";

/** Renders loaded data, or a message while it is loading or if it failed. Data of the previous request stays visible, dimmed. */
export function Loaded<T>({ of, children }: { of: Loading<T>; children: (data: T) => ComponentChildren }) {
  if (of.state === "failed") return <ErrorMessage error={of.error} retry={of.retry} />;
  if (of.state === "loaded") return <>{children(of.data)}</>;
  return of.before === undefined ? (
    <Waiting />
  ) : (
    <div class="stale" aria-busy="true">
      <Waiting />
      {children(of.before)}
    </div>
  );
}

export function Waiting() {
  const w = useWords(words);
  return (
    <p class="waiting" role="status">
      {w.waiting}
    </p>
  );
}

export function ErrorMessage({ error, retry }: { error: RequestError; retry?: () => void }) {
  const w = useWords(words);
  return (
    <div class="trouble" role="alert">
      <p>
        {describe(error, w.failed)} <span lang={error.language}>{error.message}</span>
      </p>
      {retry && (
        <button type="button" onClick={retry}>
          {w.retry}
        </button>
      )}
    </div>
  );
}

function describe(error: RequestError, failed: (typeof words)["en"]["failed"]): string {
  switch (error.status) {
    case -1:
      return failed.slow;
    case 0:
      return failed.lost;
    case 503:
      return failed.busy;
    case 504:
      return failed.limit;
    default:
      return failed.wrong;
  }
}

export function Empty({ children }: { children?: ComponentChildren }) {
  const w = useWords(words);
  return <p class="empty">{children ?? w.nothing}</p>;
}
