import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { isSite, serverHref } from "./api/transport";
import type { Dataset, Language } from "./api/types";
import { useGet } from "./api/use";
import { EngineNote } from "./engine/note";
import { Search } from "./home/search";
import { fill, number, useLanguage, useWords } from "./state/language";
import { go, href, hrefWith, useRoute } from "./state/route";
import { Embedded, isEmbedded } from "./take-away/embedded";
import { useClosingMenus } from "./ui/menus";
import { ThemeChoice } from "./ui/theme-choice";
import { words } from "./ui/words";

const TONGUES: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };

/** What surrounds every view. */
export function Frame({ view, children }: { view: string; children: ComponentChildren }) {
  const w = useWords(words);
  const tongue = useLanguage();
  useEffect(() => {
    document.documentElement.lang = tongue;
  }, [tongue]);
  useClosingMenus();
  if (isEmbedded) return <Embedded>{children}</Embedded>;
  return (
    <>
      {/* No link: what stands after # in the address is the state. */}
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>
        {w.skip}
      </button>
      <header class="top">
        <p class="site">
          <a href={href("")}>
            <b>{w.site}</b>
          </a>{" "}
          <span class="tagline">{w.tagline}</span>
        </p>
        <nav aria-label={w.main} class="main">
          {Object.entries(w.views).map(([name, label]) => (
            <a key={name} href={href(name)} aria-current={view === name ? "page" : undefined}>
              {label}
            </a>
          ))}
        </nav>
        {view !== "home" && <Search />}
        <Settings />
      </header>
      <OfSources />
      {isSite && <EngineNote />}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Foot />
    </>
  );
}

function Settings() {
  const w = useWords(words);
  const tongue = useLanguage();
  useRoute(); // the addresses of the languages follow it
  return (
    <div class="settings">
      <nav aria-label={w.language}>
        {Object.entries(TONGUES).map(([tag, own]) => (
          <a key={tag} href={hrefWith({ lang: tag })} lang={tag} aria-current={tag === tongue ? "true" : undefined}>
            {own}
          </a>
        ))}
      </nav>
      <ThemeChoice />
    </div>
  );
}

function knowBy(day: string) {
  go(hrefWith({ known_by: day }));
  location.reload(); // what a view has gathered is from other sources
}

/** Says so where later sources are left out. */
function OfSources() {
  const w = useWords(words);
  const day = useRoute().params.get("known_by");
  if (!day) return null;
  return (
    <p class="limited" role="status">
      {fill(w.knownOnly, day)}{" "}
      <button type="button" class="plain" onClick={() => knowBy("")}>
        {w.knownAll}
      </button>
    </p>
  );
}

function Foot() {
  const w = useWords(words);
  const { view, name, params } = useRoute();
  const tongue = useLanguage();
  const plain = view === "story" ? `stories${name && `/${encodeURIComponent(name)}`}` : "index.html";
  const dataset = useGet<Dataset>("api/dataset", { lang: tongue });
  return (
    <footer>
      {dataset.state === "loaded" && (
        <p>
          {fill(
            w.foot,
            dataset.data.version,
            dataset.data.date,
            number(dataset.data.sources, tongue),
            number(dataset.data.statements, tongue),
          )}{" "}
          {w.licence}
        </p>
      )}
      <label title={w.knownByWhy}>
        {w.knownBy} <input type="date" value={params.get("known_by") ?? ""} onChange={(event) => knowBy(event.currentTarget.value)} />
      </label>
      <p>
        <a href={serverHref(`${plain}?lang=${tongue}`)}>{w.plain}</a> · <a href={serverHref("api")}>{w.api}</a>
      </p>
    </footer>
  );
}
