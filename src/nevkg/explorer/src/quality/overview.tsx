import type { Catalogue, Check, Checks, Dataset } from "../api/types";
import { useGet } from "../api/use";
import { exampleParams } from "../ask/parameters";
import { fill, localize, number, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { Loaded } from "../ui/loaded";
import { Gauge, SeverityMark } from "./checks";
import { countBySeverity, evidenceQuestions } from "./tables";
import { words } from "./words";

const NUMBERS = ["sources", "statements", "episodes", "triples"] as const;

/** Statistics of the dataset, the check results by severity, and questions about evidence. */
export function Overview() {
  const w = useWords(words);
  const lang = useLanguage();
  const dataset = useGet<Dataset>("api/dataset", { lang });
  const checks = useGet<Checks>("api/quality/checks", { lang });
  const catalogue = useGet<Catalogue>("api/questions");
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
            <ul class="deeper">
              {evidenceQuestions(topics).map((question) => (
                <li key={question.name}>
                  <a href={href("ask", question.name, exampleParams(question))}>{localize(question.title, lang)}</a>
                </li>
              ))}
            </ul>
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
          <Gauge part={found / max} severity={severity} />
          <span>{fill(w.of, number(found, lang), count)}</span>
        </li>
      ))}
    </ul>
  );
}
