// The explorer within a page of another site: an answer without what surrounds it.
import type { ComponentChildren } from "preact";
import { useWords } from "../state/language";
import { useRoute } from "../state/route";
import { words } from "./words";
import "./take-away.css";

export const isEmbedded = new URLSearchParams(location.search).has("embed");

/** The view, and a link to it on this site. */
export function Embedded({ children }: { children: ComponentChildren }) {
  const w = useWords(words);
  useRoute(); // the link follows it
  return (
    <>
      <main id="content" class="embedded" tabIndex={-1}>
        {children}
      </main>
      <p class="embedded-from">
        <a href={`./${location.hash}`} target="_blank" rel="noopener">
          {w.openWhole}
        </a>
      </p>
    </>
  );
}
