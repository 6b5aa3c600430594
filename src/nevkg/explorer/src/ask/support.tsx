import type { Support } from "../api/types";
import { useWords } from "../state/language";
import { hrefWith } from "../state/route";
import { STANDING } from "../state/standings";
import { words } from "./words";

/** How well the rows are supported, and the way to those that are left out. */
export function SupportLine({ support }: { support: Support }) {
  const w = useWords(words);
  return (
    <p class="quiet">
      {support.text} {support.leftOut.length > 0 && <a href={hrefWith({ [STANDING]: "*", page: null })}>{w.whole}</a>}
    </p>
  );
}
