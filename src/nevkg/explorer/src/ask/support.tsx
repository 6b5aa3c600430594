import type { Support } from "../api/types";
import { useWords } from "../state/language";
import { hrefWith } from "../state/route";
import { STANDING } from "../state/standings";
import { words } from "./words";

/** A note on how well the rows are supported, with a link that adds the rows that are left out. */
export function SupportLine({ support }: { support: Support }) {
  const w = useWords(words);
  return (
    <p class="quiet">
      {support.text} {support.leftOut.length > 0 && <a href={hrefWith({ [STANDING]: "*", page: null })}>{w.showLeftOut}</a>}
    </p>
  );
}
