import { AnswerView } from "../answer/answer-view";
import { rolesOf, viewsOf } from "../answer/roles";
import { words as answerWords } from "../answer/words";
import type { Quality, QualityTable } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage, useWords } from "../state/language";
import { href, hrefWith, useRoute } from "../state/route";
import { Empty, Loaded } from "../ui/loaded";
import { CheckFindings, CheckList } from "./checks";
import { Overview } from "./overview";
import { answerOf, groupBySection } from "./tables";
import { words } from "./words";
import "./quality.css";

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
      {w.unknown} <a href={href("quality")}>{w.back}</a>
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
      {groupBySection(tables).map(({ section, tables: own }) => (
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

function TablePage({ table }: { table: QualityTable }) {
  const w = useWords(words);
  const a = useWords(answerWords);
  const { params } = useRoute();
  const answer = answerOf(table);
  const views = viewsOf(answer, {}, "table").filter((view) => view === "table" || view === "chart");
  const view = views.find((name) => name === params.get("as")) ?? "table";
  return (
    <>
      <p class="crumb quiet">{table.section}</p>
      <h1>{table.title}</h1>
      {table.note && <p class="note">{table.note}</p>}
      {views.length > 1 && (
        <div class="bar">
          <nav class="views" aria-label={a.as}>
            {views.map((name) => (
              <a key={name} href={hrefWith({ as: name === "table" ? null : name })} aria-current={name === view ? "true" : undefined}>
                {a.views[name]}
              </a>
            ))}
          </nav>
        </div>
      )}
      {table.rows.length ? (
        <AnswerView view={view} answer={answer} show={view === "table" ? {} : rolesOf({ answer, show: {} })} />
      ) : (
        <Empty>{w.none}</Empty>
      )}
    </>
  );
}
