import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Failed } from "../api/get";
import { useLanguage, useWords } from "../state/language";
import { Trouble, Waiting } from "./loaded";
import { words } from "./words";

/** A component whose code is fetched when it is first shown. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let found: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [, arrived] = useState(0);
    const [error, fail] = useState<Failed>();
    const fetchCode = () => {
      fail(undefined);
      load().then(
        (component) => {
          found = component;
          arrived((count) => count + 1);
        },
        () => fail(new Failed(0, "")),
      );
    };
    useEffect(() => {
      if (!found) fetchCode();
    }, []);
    if (error) return <Trouble error={error} retry={fetchCode} />;
    const Found = found;
    return Found ? <Found {...props} /> : <Waiting />;
  };
}

/** Keeps an error of one view from taking the others with it. */
export class Guard extends Component<{ children: ComponentChildren; of: string }, { error: string | null; of: string }> {
  override state = { error: null, of: this.props.of };

  static override getDerivedStateFromError(error: unknown) {
    return { error: String(error) };
  }

  static override getDerivedStateFromProps(props: { of: string }, state: { of: string }) {
    return props.of === state.of ? null : { error: null, of: props.of };
  }

  override componentDidCatch(error: unknown) {
    console.error(error);
  }

  override render() {
    return this.state.error === null ? this.props.children : <Broken error={this.state.error} />;
  }
}

function Broken({ error }: { error: string }) {
  const w = useWords(words);
  const language = useLanguage();
  return (
    <div class="trouble" role="alert" lang={language}>
      <p>
        {w.broken} <code>{error}</code>
      </p>
    </div>
  );
}
