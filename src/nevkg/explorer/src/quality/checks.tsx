import type { Check, Checks, Findings, Severity } from "../api/types";
import { useGet } from "../api/use";
import { fill, number, useLanguage, useWords } from "../state/language";
import { here, href, useRoute } from "../state/route";
import { tracing } from "../trace/address";
import { Empty, Loaded } from "../ui/loaded";
import { ordered } from "./tables";
import { words } from "./words";

const PAGE = 25;

/** All checks of the data: what each finds, and what is to be mended. */
export function CheckList() {
  const w = useWords(words);
  const loading = useGet<Checks>("api/quality/checks", { lang: useLanguage() });
  return (
    <>
      <h1>{w.checks}</h1>
      <p class="note">{w.checksWhy}</p>
      <Loaded of={loading}>{({ checks }) => <List checks={ordered(checks)} />}</Loaded>
    </>
  );
}

function List({ checks }: { checks: readonly Check[] }) {
  const most = Math.max(1, ...checks.map((one) => one.found));
  return (
    <ul class="checks">
      {checks.map((check) => (
        <One key={check.name} check={check} most={most} />
      ))}
    </ul>
  );
}

function One({ check, most }: { check: Check; most: number }) {
  const w = useWords(words);
  const language = useLanguage();
  return (
    <li class={check.found ? "" : "clear"}>
      <p class="title">
        <SeverityMark of={check.severity} />{" "}
        {check.found ? <a href={href("quality", "checks", { check: check.name })}>{check.title}</a> : <span>{check.title}</span>}
      </p>
      <p class="amount">
        {check.found ? fill(w.found, number(check.found, language)) : w.kept}
        <Gauge part={check.found / most} severity={check.severity} />
      </p>
      {check.found > 0 && (
        <p class="fix">
          {w.fix} {check.fix}
        </p>
      )}
    </li>
  );
}

export function SeverityMark({ of }: { of: Severity }) {
  const w = useWords(words);
  return <span class={`mark ${of}`}>{w.severities[of]}</span>;
}

export function Gauge({ part, severity }: { part: number; severity: Severity }) {
  return (
    <span class={`gauge ${severity}`} aria-hidden="true">
      <span style={{ width: `${(part * 100).toFixed(1)}%` }} />
    </span>
  );
}

/** What one check finds, page by page. */
export function CheckFindings({ name }: { name: string }) {
  const w = useWords(words);
  const { params } = useRoute();
  const page = Math.max(1, Math.trunc(Number(params.get("page"))) || 1);
  const loading = useGet<Findings>(`api/quality/checks/${encodeURIComponent(name)}`, {
    lang: useLanguage(),
    limit: PAGE,
    offset: (page - 1) * PAGE,
  });
  return (
    <>
      <p class="crumb">
        <a href={href("quality", "checks")}>← {w.checks}</a>
      </p>
      <Loaded of={loading}>{(data) => <Told data={data} page={page} />}</Loaded>
    </>
  );
}

function Told({ data, page }: { data: Findings; page: number }) {
  const w = useWords(words);
  const language = useLanguage();
  const pages = Math.max(1, Math.ceil(data.total / PAGE));
  return (
    <>
      <h1>{data.title}</h1>
      <p>
        <SeverityMark of={data.severity} /> {fill(w.found, number(data.found, language))}
      </p>
      <p class="note">
        {w.fix} {data.fix}
      </p>
      {data.findings.length ? (
        <ol class="findings" start={data.offset + 1}>
          {data.findings.map(({ about, says }, place) => (
            <li key={place}>
              <a href={tracing([about.iri])}>
                <bdi>{about.label}</bdi>
              </a>
              <p class="quiet">
                <bdi>{says}</bdi>
              </p>
            </li>
          ))}
        </ol>
      ) : (
        <Empty>{w.kept}</Empty>
      )}
      {pages > 1 && (
        <nav class="pages" aria-label={w.pages}>
          {page > 1 && <a href={here({ page: page === 2 ? null : String(page - 1) })}>{w.previous}</a>}
          <span>{fill(w.page, page, pages)}</span>
          {page < pages && <a href={here({ page: String(page + 1) })}>{w.next}</a>}
        </nav>
      )}
    </>
  );
}
