// The explorer embedded in a page of another site: an answer without header and footer.
import type { ComponentChildren } from "preact";
import { useWords } from "../state/language";
import { EMBED, hrefWith, useRoute } from "../state/route";
import { words } from "./words";
import "./export.css";

export const isEmbedded = new URLSearchParams(location.search).has(EMBED);

/** The view, with a link to it on this site. */
export function Embedded({ children }: { children: ComponentChildren }) {
  const w = useWords(words);
  useRoute(); // renders again when the address changes, which the link contains
  return (
    <>
      <main id="content" class="embedded" tabIndex={-1}>
        {children}
      </main>
      <p class="embedded-from">
        <a href={hrefWith({ [EMBED]: null })} target="_blank" rel="noopener">
          {w.openWhole}
        </a>
      </p>
    </>
  );
}
