import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { fromRoot, isSite } from "./api/site";
import type { Language } from "./api/types";
import { EngineNote } from "./engine/note";
import { Embedded, isEmbedded } from "./export/embedded";
import { Search } from "./search/search";
import { useDataset } from "./state/dataset";
import { fill, number, useLanguage, useWords } from "./state/language";
import { go, href, hrefWith, pageAddress, useRoute } from "./state/route";
import { useClosingMenus } from "./ui/hooks";
import { ThemeChoice } from "./ui/theme";
import { words } from "./ui/words";

const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", zh: "中文" };

/** The header and footer around each view. */
export function Frame({ view, children }: { view: string; children: ComponentChildren }) {
  const w = useWords(words);
  const lang = useLanguage();
  useEffect(() => {
    document.documentElement.lang = lang;
  }, [lang]);
  useClosingMenus();
  if (isEmbedded) return <Embedded>{children}</Embedded>;
  return (
    <>
      <a class="skip" href="#content">
        {w.skip}
      </a>
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
      <SourceLimit />
      {isSite && <EngineNote />}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Footer />
    </>
  );
}

function Settings() {
  const w = useWords(words);
  const lang = useLanguage();
  useRoute(); // the links below depend on the route
  return (
    <div class="settings">
      <nav aria-label={w.language}>
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <a key={tag} href={hrefWith({ lang: tag })} lang={tag} aria-current={tag === lang ? "true" : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <ThemeChoice />
    </div>
  );
}

function setKnownBy(day: string) {
  go(hrefWith({ known_by: day }));
  location.reload(); // views have loaded data with other sources
}

/** A note that later sources are left out. */
function SourceLimit() {
  const w = useWords(words);
  const day = useRoute().params.get("known_by");
  if (!day) return null;
  return (
    <p class="limited" role="status">
      {fill(w.knownOnly, day)}{" "}
      <button type="button" class="plain" onClick={() => setKnownBy("")}>
        {w.knownAll}
      </button>
    </p>
  );
}

function Footer() {
  const w = useWords(words);
  const { params } = useRoute();
  const lang = useLanguage();
  const dataset = useDataset();
  return (
    <footer>
      {dataset && (
        <p>
          {fill(w.foot, dataset.version, dataset.date, number(dataset.sources, lang), number(dataset.statements, lang))} {w.licence}
        </p>
      )}
      <label title={w.knownByWhy}>
        {w.knownBy} <input type="date" value={params.get("known_by") ?? ""} onChange={(event) => setKnownBy(event.currentTarget.value)} />
      </label>
      <p>
        <a href={pageAddress("dataset", new URLSearchParams({ lang }))}>{w.dataset}</a>
        {!isSite && (
          <>
            {" · "}
            <a href={fromRoot("api")}>{w.api}</a>
          </>
        )}
      </p>
    </footer>
  );
}
