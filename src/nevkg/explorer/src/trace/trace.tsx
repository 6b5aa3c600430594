import { useEffect, useRef } from "preact/hooks";
import type { Evidence } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage, useWords } from "../state/language";
import { go, useRoute } from "../state/route";
import { Loaded } from "../ui/loaded";
import { words as shared } from "../ui/words";
import { TRACE, untraced } from "./address";
import { Behind } from "./behind";
import { Everything } from "./everything";
import { words } from "./words";

/** The panel that tells who says so. It is open while the address says what for. */
export function Trace() {
  const asked = useRoute().asked.getAll(TRACE);
  const w = useWords(words);
  const s = useWords(shared);
  const key = asked.join(" ");
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    if (!key) return;
    opener.current ??= document.activeElement;
    heading.current?.focus();
  }, [key]);
  const close = () => {
    go(untraced());
    if (opener.current instanceof HTMLElement) opener.current.focus();
    opener.current = null;
  };
  if (!asked.length) return null;
  return (
    <aside class="trace" aria-labelledby="trace-title" onKeyDown={(event) => event.key === "Escape" && close()}>
      <header>
        <h2 id="trace-title" tabIndex={-1} ref={heading}>
          {w.title}
        </h2>
        <button type="button" class="close" aria-label={s.close} onClick={close}>
          <span aria-hidden="true">×</span>
        </button>
      </header>
      <Body iris={asked} key={key} />
    </aside>
  );
}

function Body({ iris }: { iris: readonly string[] }) {
  const loading = useGet<Evidence>("api/evidence", { iri: iris, lang: useLanguage() });
  return (
    <Loaded of={loading}>
      {(evidence) =>
        evidence.episodes.length || iris.some((iri) => evidence.statements.some((one) => one.iri === iri)) ? (
          <Behind evidence={evidence} />
        ) : (
          <Everything evidence={evidence} />
        )
      }
    </Loaded>
  );
}
