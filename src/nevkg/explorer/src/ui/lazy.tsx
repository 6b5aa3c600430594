import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { RequestError } from "../api/get";
import { useLanguage, useWords } from "../state/language";
import { ErrorMessage, Waiting } from "./loaded";
import { words } from "./words";

/** Returns a component whose code is loaded when it is first rendered. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [, rerender] = useState(0);
    const [error, setError] = useState<RequestError>();
    const fetchCode = () => {
      setError(undefined);
      load().then(
        (component) => {
          loaded = component;
          rerender((count) => count + 1);
        },
        () => setError(new RequestError(0, "")),
      );
    };
    useEffect(() => {
      if (!loaded) fetchCode();
    }, []);
    if (error) return <ErrorMessage error={error} retry={fetchCode} />;
    const Loaded = loaded;
    return Loaded ? <Loaded {...props} /> : <Waiting />;
  };
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
