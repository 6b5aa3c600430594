import { useState } from "preact/hooks";
import { useWords } from "../state/language";
import { words } from "./words";

/** A button that puts a text into the clipboard, and says so. */
export function Copy({ text, children }: { text: string; children?: string }) {
  const w = useWords(words);
  const [done, set] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => set(true),
      () => set(false), // the browser forbids it; the text can be marked by hand
    );
  };
  return (
    <button type="button" class="small" onClick={copy} onBlur={() => set(false)}>
      <span aria-live="polite">{done ? w.copied : (children ?? w.copy)}</span>
    </button>
  );
}
