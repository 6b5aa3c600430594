import { useGet } from "../api/requests";
import type { Check, CheckSeverity, Checks, Findings } from "../api/types";
import { traceAddress } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { href, useRoute } from "../state/route";
import { Gauge, Pager } from "../ui/controls";
import { Empty, Loaded } from "../ui/loading";
import { sortChecks } from "./tables";
import { words } from "./words";

const PAGE_SIZE = 25;

/** All checks of the data, with the number of cases and how to fix them. */
export function CheckList() {
  const w = useWords(words);
  const loading = useGet<Checks>("api/quality/checks", { lang: useLanguage() });
  return (
    <>
      <h1>{w.checks}</h1>
      <p class="note">{w.checksWhy}</p>
      <Loaded of={loading}>{({ checks }) => <CheckItems checks={sortChecks(checks)} />}</Loaded>
    </>
  );
}

function CheckItems({ checks }: { checks: readonly Check[] }) {
  const max = Math.max(1, ...checks.map(({ found }) => found));
  return (
    <ul class="checks">
      {checks.map((check) => (
        <CheckItem key={check.name} check={check} max={max} />
      ))}
    </ul>
  );
}

function CheckItem({ check, max }: { check: Check; max: number }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <li class={check.found ? "" : "clear"}>
      <p class="title">
        <SeverityMark severity={check.severity} />{" "}
        {check.found ? <a href={href("quality", "checks", { check: check.name })}>{check.title}</a> : <span>{check.title}</span>}
      </p>
      <p class="amount">
        {check.found ? fill(w.found, number(check.found, lang)) : w.noCases}
        <Gauge part={check.found / max} kind={check.severity} />
      </p>
      {check.found > 0 && (
        <p class="fix">
          {w.fix} {check.fix}
        </p>
      )}
    </li>
  );
}

export function SeverityMark({ severity }: { severity: CheckSeverity }) {
  const w = useWords(words);
  return <span class={`mark ${severity}`}>{w.severities[severity]}</span>;
}

/** The cases that a check finds, in pages. */
export function CheckFindings({ name }: { name: string }) {
  const w = useWords(words);
  const { params } = useRoute();
  const page = Math.max(1, Math.trunc(Number(params.get("page"))) || 1);
  const loading = useGet<Findings>(`api/quality/checks/${encodeURIComponent(name)}`, {
    lang: useLanguage(),
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
  });
  return (
    <>
      <p class="crumb">
        <a href={href("quality", "checks")}>← {w.checks}</a>
      </p>
      <Loaded of={loading}>{(data) => <FindingsPage data={data} page={page} />}</Loaded>
    </>
  );
}

function FindingsPage({ data, page }: { data: Findings; page: number }) {
  const w = useWords(words);
  const lang = useLanguage();
  const pages = Math.max(1, Math.ceil(data.total / PAGE_SIZE));
  return (
    <>
      <h1>{data.title}</h1>
      <p>
        <SeverityMark severity={data.severity} /> {fill(w.found, number(data.found, lang))}
      </p>
      <p class="note">
        {w.fix} {data.fix}
      </p>
      {data.findings.length ? (
        <ol class="findings" start={data.offset + 1}>
          {data.findings.map(({ about, says }, index) => (
            <li key={index}>
              <a href={traceAddress([about.iri])}>
                <bdi>{about.label}</bdi>
              </a>
              <p class="quiet">
                <bdi>{says}</bdi>
              </p>
            </li>
          ))}
        </ol>
      ) : (
        <Empty>{w.noCases}</Empty>
      )}
      <Pager page={page} pages={pages} />
    </>
  );
}
