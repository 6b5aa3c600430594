// Loading, empty and failed states of data, and of code that is loaded when it is first rendered.
import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Loading, RequestError } from "../api/requests";
import { useLanguage, useWords } from "../state/language";
import { words } from "./words";

/** Renders loaded data, or a message while it is loading or if it failed. Data of the previous request stays visible, dimmed. */
export function Loaded<T>({ of, children }: { of: Loading<T>; children: (data: T) => ComponentChildren }) {
  if (of.state === "failed") return <ErrorMessage error={of.error} retry={of.retry} />;
  if (of.state === "loaded") return <>{children(of.data)}</>;
  return of.data === undefined ? (
    <Waiting />
  ) : (
    <div class="stale" aria-busy="true">
      <Waiting />
      {children(of.data)}
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

/** A component whose code is loaded when it is first rendered, or before by `preload`. */
type LazyComponent<P> = ((props: P) => ReturnType<typeof Waiting>) & { readonly preload: () => Promise<void> };

/** Returns a component whose code is loaded when it is first rendered, or before by `preload`. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): LazyComponent<P> {
  let loaded: ComponentType<P> | undefined;
  const preload = async () => {
    loaded ??= await load();
  };
  function Lazy(props: P) {
    const [, rerender] = useState(0);
    const [error, setError] = useState<RequestError>();
    const fetchCode = () => {
      setError(undefined);
      preload().then(
        () => rerender((count) => count + 1),
        () => setError(new RequestError(0, "")),
      );
    };
    useEffect(() => {
      if (!loaded) fetchCode();
    }, []);
    if (error) return <ErrorMessage error={error} retry={fetchCode} />;
    const Loaded = loaded;
    return Loaded ? <Loaded {...props} /> : <Waiting />;
  }
  return Object.assign(Lazy, { preload });
}

/** Confines an error to its view. A new `resetKey` renders the view again. */
export class ErrorBoundary extends Component<
  { children: ComponentChildren; resetKey: string },
  { error: string | null; resetKey: string }
> {
  override state = { error: null, resetKey: this.props.resetKey };

  static override getDerivedStateFromError(error: unknown) {
    return { error: String(error) };
  }

  static override getDerivedStateFromProps(props: { resetKey: string }, state: { resetKey: string }) {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    return this.state.error === null ? this.props.children : <UnexpectedError error={this.state.error} />;
  }
}

function UnexpectedError({ error }: { error: string }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <div class="trouble" role="alert" lang={lang}>
      <p>
        {w.broken} <code>{error}</code>
      </p>
    </div>
  );
}
