import { useState } from "preact/hooks";
import { useWords } from "../state/language";
import { words } from "./words";

/** A button that copies a text to the clipboard. */
export function Copy({ text, children }: { text: string; children?: string }) {
  const w = useWords(words);
  const [isCopied, setIsCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false), // the browser forbids it; the text can still be selected
    );
  };
  return (
    <button type="button" class="small" onClick={copy} onBlur={() => setIsCopied(false)}>
      <span aria-live="polite">{isCopied ? w.copied : (children ?? w.copy)}</span>
    </button>
  );
}
