import { AnswerView, useView, ViewChoice } from "../answer/answer-view";
import { viewsOf } from "../answer/roles";
import { useGet } from "../api/requests";
import type { Check, Checks, Dataset, Quality, QualityTable } from "../api/types";
import { exampleParams } from "../ask/parameters";
import { useCatalogue } from "../state/dataset";
import { fill, localize, number, useLanguage, useWords } from "../state/language";
import { href, useRoute } from "../state/route";
import { Gauge, LinkList } from "../ui/controls";
import { Empty, Loaded } from "../ui/loading";
import { CheckFindings, CheckList, SeverityMark } from "./checks";
import { answerOf, countBySeverity, evidenceQuestions } from "./tables";
import { words } from "./words";
import "./quality.css";

const NUMBERS = ["sources", "statements", "episodes", "triples"] as const;

/** Statistics of the dataset, the check results by severity, and questions about evidence. */
function Overview() {
  const w = useWords(words);
  const lang = useLanguage();
  const dataset = useGet<Dataset>("api/dataset", { lang });
  const checks = useGet<Checks>("api/quality/checks", { lang });
  const catalogue = useCatalogue();
  return (
    <>
      <h1>{w.title}</h1>
      <p class="note">{w.lead}</p>
      <Loaded of={dataset}>{(data) => <Numbers dataset={data} />}</Loaded>
      <section>
        <h2>{w.findings}</h2>
        <Loaded of={checks}>{(data) => <Severities checks={data.checks} />}</Loaded>
        <p>
          <a href={href("quality", "checks")}>{w.allChecks}</a>
        </p>
      </section>
      <section>
        <h2>{w.evidenceQuestions}</h2>
        <Loaded of={catalogue}>
          {({ topics }) => (
            <LinkList
              class="deeper"
              links={evidenceQuestions(topics).map((question) => [
                href("ask", question.name, exampleParams(question)),
                localize(question.title, lang),
              ])}
            />
          )}
        </Loaded>
      </section>
    </>
  );
}

function Numbers({ dataset }: { dataset: Dataset }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <>
      <dl class="numbers">
        {NUMBERS.map((name) => (
          <div key={name}>
            <dd>{number(dataset[name], lang)}</dd>
            <dt>{w.numbers[name]}</dt>
          </div>
        ))}
      </dl>
      <p class="quiet">{fill(w.asOf, dataset.version, dataset.date)}</p>
    </>
  );
}

function Severities({ checks }: { checks: readonly Check[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  const rows = countBySeverity(checks);
  const max = Math.max(1, ...rows.map(({ found }) => found));
  return (
    <ul class="severities">
      {rows.map(({ severity, checks: count, found }) => (
        <li key={severity}>
          <SeverityMark severity={severity} />
          <Gauge part={found / max} kind={severity} />
          <span>{fill(w.of, number(found, lang), count)}</span>
        </li>
      ))}
    </ul>
  );
}

/** The page of data quality: coverage, support, and the results of the checks. */
export function QualityPage() {
  const loading = useGet<Quality>("api/quality", { lang: useLanguage() });
  return <Loaded of={loading}>{({ tables }) => <Page tables={tables} />}</Loaded>;
}

function Page({ tables }: { tables: readonly QualityTable[] }) {
  const { name } = useRoute();
  return (
    <div class="quality-page">
      <Contents tables={tables} selectedName={name} />
      <div class="detail">
        <Detail tables={tables} />
      </div>
    </div>
  );
}

function Detail({ tables }: { tables: readonly QualityTable[] }) {
  const w = useWords(words);
  const { name, params } = useRoute();
  const check = params.get("check");
  if (!name) return <Overview />;
  if (name === "checks") return check ? <CheckFindings name={check} key={check} /> : <CheckList />;
  const table = tables.find((table) => table.name === name);
  return table ? (
    <TablePage table={table} key={name} />
  ) : (
    <Empty>
      {w.unknown} <a href={href("quality")}>{w.backToOverview}</a>
    </Empty>
  );
}

function Contents({ tables, selectedName }: { tables: readonly QualityTable[]; selectedName: string }) {
  const w = useWords(words);
  const link = (name: string, label: string) => (
    <a href={href("quality", name)} aria-current={selectedName === name ? "page" : undefined}>
      {label}
    </a>
  );
  return (
    <nav class="contents" aria-label={w.contents}>
      <ul>
        <li>{link("", w.overview)}</li>
        <li>{link("checks", w.checks)}</li>
      </ul>
      {[...Map.groupBy(tables, ({ section }) => section)].map(([section, own]) => (
        <section key={section} aria-label={section}>
          <h2>{section}</h2>
          <ul>
            {own.map(({ name, title }) => (
              <li key={name}>{link(name, title)}</li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

const NO_ROLES = {};

function TablePage({ table }: { table: QualityTable }) {
  const w = useWords(words);
  const answer = answerOf(table);
  const views = viewsOf(answer, {}, "table").filter((view) => view === "table" || view === "chart");
  const view = useView(views, "table");
  return (
    <>
      <p class="crumb quiet">{table.section}</p>
      <h1>{table.title}</h1>
      {table.note && <p class="note">{table.note}</p>}
      {views.length > 1 && (
        <div class="bar">
          <ViewChoice views={views} first="table" />
        </div>
      )}
      {table.rows.length ? <AnswerView view={view} answer={answer} show={NO_ROLES} /> : <Empty>{w.none}</Empty>}
    </>
  );
}
