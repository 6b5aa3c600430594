import { AnswerView } from "../answer/answer-view";
import { rolesOf, viewsOf } from "../answer/roles";
import { words as answerWords } from "../answer/words";
import type { QualityTable, Quality as Report } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage, useWords } from "../state/language";
import { href, hrefWith, useRoute } from "../state/route";
import { Empty, Loaded } from "../ui/loaded";
import { CheckFindings, CheckList } from "./checks";
import { Overview } from "./overview";
import { answerOf, sections } from "./tables";
import { words } from "./words";
import "./quality.css";

/** What the data covers, how good it is, and what is to be mended. */
export function Quality() {
  const loading = useGet<Report>("api/quality", { lang: useLanguage() });
  return <Loaded of={loading}>{({ tables }) => <Page tables={tables} />}</Loaded>;
}

function Page({ tables }: { tables: readonly QualityTable[] }) {
  const { name } = useRoute();
  return (
    <div class="quality-page">
      <Contents tables={tables} chosen={name} />
      <div class="shown">
        <Chosen tables={tables} />
      </div>
    </div>
  );
}

function Chosen({ tables }: { tables: readonly QualityTable[] }) {
  const w = useWords(words);
  const { name, params } = useRoute();
  const check = params.get("check");
  if (!name) return <Overview />;
  if (name === "checks") return check ? <CheckFindings name={check} key={check} /> : <CheckList />;
  const table = tables.find((one) => one.name === name);
  return table ? (
    <TablePage table={table} key={name} />
  ) : (
    <Empty>
      {w.unknown} <a href={href("quality")}>{w.back}</a>
    </Empty>
  );
}

function Contents({ tables, chosen }: { tables: readonly QualityTable[]; chosen: string }) {
  const w = useWords(words);
  const link = (name: string, label: string) => (
    <a href={href("quality", name)} aria-current={chosen === name ? "page" : undefined}>
      {label}
    </a>
  );
  return (
    <nav class="contents" aria-label={w.contents}>
      <ul>
        <li>{link("", w.overview)}</li>
        <li>{link("checks", w.checks)}</li>
      </ul>
      {sections(tables).map(({ section, tables: own }) => (
        <section key={section} aria-label={section}>
          <h2>{section}</h2>
          <ul>
            {own.map((one) => (
              <li key={one.name}>{link(one.name, one.title)}</li>
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
  const views = viewsOf(answer, {}, "table").filter((one) => one === "table" || one === "chart");
  const view = views.find((one) => one === params.get("as")) ?? "table";
  return (
    <>
      <p class="crumb quiet">{table.section}</p>
      <h1>{table.title}</h1>
      {table.note && <p class="note">{table.note}</p>}
      {views.length > 1 && (
        <div class="bar">
          <nav class="views" aria-label={a.as}>
            {views.map((one) => (
              <a key={one} href={hrefWith({ as: one === "table" ? null : one })} aria-current={one === view ? "true" : undefined}>
                {a.views[one]}
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
