import { isThing, type Scalar } from "../api/types";
import { fill, number, useLanguage, useWords } from "../state/language";
import { tracing } from "../trace/address";
import { asText, isWeb, Outside, timeText } from "../ui/value";
import { hasPage, thingAddress } from "./address";
import { questionAddress } from "./section";
import type { Card, CardValue, Count, Field } from "./types";
import { words } from "./words";

const MOST = 6;

/** What matters for the class of an entity: each value with its standing, which leads to its evidence. */
export function Summary({ card }: { card: Card }) {
  const w = useWords(words);
  const language = useLanguage();
  if (!card.fields.length && !card.missing.length) return null;
  return (
    <section class="summary" aria-label={w.card}>
      <dl>
        {card.fields.map((field) => (
          <div key={field.name}>
            <dt>{field.label}</dt>
            <dd>{field.count ? <Counted count={field.count} /> : <Values field={field} />}</dd>
          </div>
        ))}
      </dl>
      {card.missing.length > 0 && <p class="quiet">{fill(w.missing, card.missing.join(language === "zh" ? "、" : "; "))}</p>}
    </section>
  );
}

function Values({ field: { values } }: { field: Field }) {
  const w = useWords(words);
  const item = (one: CardValue, place: number) => (
    <li key={place}>
      <One {...one} />
    </li>
  );
  return (
    <>
      <ul>{values.slice(0, MOST).map(item)}</ul>
      {values.length > MOST && (
        <details>
          <summary>{fill(w.more, values.length - MOST)}</summary>
          <ul>{values.slice(MOST).map(item)}</ul>
        </details>
      )}
    </>
  );
}

function One({ value, fact, evidence }: CardValue) {
  const w = useWords(words);
  const language = useLanguage();
  const sources = fact?.witnesses === 1 ? w.witness : fact && fact.witnesses > 1 ? fill(w.witnesses, fact.witnesses) : "";
  const standing = [fact?.is_disputed ? "" : fact?.standing, sources].filter(Boolean).join(", ");
  const time = [fact?.since && fill(w.since, timeText(fact.since, language)), fact?.until && fill(w.until, fact.until)];
  const marks = (fact?.marks ?? []).filter((one) => one !== "disputed" && one !== "inferred");
  return (
    <>
      <b>
        <Shown value={value} />
      </b>{" "}
      <small>
        {[...time, ...marks].filter(Boolean).join(" · ")} {fact?.is_disputed && <span class="mark disputed">{w.disputed}</span>}{" "}
        {fact?.marks.includes("inferred") && <span class="mark inferred">{w.inferred}</span>}{" "}
        {evidence.length > 0 ? (
          <a href={tracing(evidence)} aria-label={`${asText(value, language)}: ${standing || w.evidence}`}>
            {standing || w.evidence}
          </a>
        ) : (
          standing
        )}
      </small>
    </>
  );
}

function Shown({ value }: { value: Scalar }) {
  const language = useLanguage();
  const text = asText(value, language);
  if (isThing(value) && hasPage(value.iri))
    return (
      <a href={thingAddress(value.iri)}>
        <bdi>{text}</bdi>
      </a>
    );
  return isWeb(text) ? <Outside address={text}>{text}</Outside> : <bdi>{text}</bdi>;
}

/** A number that a question gives, which leads to the question. */
function Counted({ count }: { count: Count }) {
  const language = useLanguage();
  const w = useWords(words);
  return (
    <>
      <a href={questionAddress(count)} title={count.title}>
        <b>{number(count.total, language)}</b>
      </a>
      {count.parts.map(({ label, values }) => {
        const rest = values.slice(MOST + 2);
        return (
          <p key={label}>
            <span class="quiet">{label}:</span>{" "}
            {values
              .slice(0, MOST + 2)
              .map((one) => `${asText(one.value, language)} ${number(one.count, language)}`)
              .join(" · ")}
            {rest.length > 0 && ` · ${fill(w.more, rest.length)}`}
          </p>
        );
      })}
    </>
  );
}
