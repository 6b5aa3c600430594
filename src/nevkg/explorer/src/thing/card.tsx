import { type Card, type CardField, type CardValue, type Count, isThing, type Scalar } from "../api/types";
import { entityAddress, hasPage, traceAddress } from "../state/address";
import { fill, number, useLanguage, useWords } from "../state/language";
import { FactMarks, otherMarks, supportText, witnessText } from "../trace/support";
import { asText, ExternalLink, isWeb } from "../ui/values";
import { questionAddress } from "./sections";
import { words } from "./words";

const MAX_VALUES = 6;
const MAX_COUNTS = 8;

/** The main properties for the class of an entity. The standing of each value links to its evidence. */
export function Summary({ card }: { card: Card }) {
  const w = useWords(words);
  const lang = useLanguage();
  if (!card.fields.length && !card.missing.length) return null;
  return (
    <section class="summary" aria-label={w.card}>
      {card.summary && <p class="lead">{card.summary}</p>}
      <dl>
        {card.fields.map((field) => (
          <div key={field.name}>
            <dt>{field.label}</dt>
            <dd>{field.count ? <CountField count={field.count} /> : <Values field={field} />}</dd>
          </div>
        ))}
      </dl>
      {card.missing.length > 0 && <p class="quiet">{fill(w.missing, card.missing.join(lang === "zh" ? "、" : "; "))}</p>}
    </section>
  );
}

function Values({ field: { values } }: { field: CardField }) {
  const w = useWords(words);
  const item = (value: CardValue, index: number) => (
    <li key={index}>
      <ValueWithSupport {...value} />
    </li>
  );
  return (
    <>
      <ul>{values.slice(0, MAX_VALUES).map(item)}</ul>
      {values.length > MAX_VALUES && (
        <details>
          <summary>{fill(w.more, values.length - MAX_VALUES)}</summary>
          <ul>{values.slice(MAX_VALUES).map(item)}</ul>
        </details>
      )}
    </>
  );
}

function ValueWithSupport({ value, fact, evidence, rank }: CardValue) {
  const w = useWords(words);
  const lang = useLanguage();
  const support = fact ? supportText(fact, lang) : "";
  const count = witnessText(fact?.witnesses ?? 0, lang);
  // The name of a link begins with the value, and has the visible words.
  const name = `${asText(value, lang)}: ${[support, !count && w.evidence].filter(Boolean).join(", ")}`;
  const time = [fact?.beginning, fact?.until && fill(w.until, fact.until)];
  return (
    <>
      {rank !== null && <span class={`dot rank-${rank}`} role="img" aria-label={fact?.standing} title={fact?.standing} />}
      <ValueLink value={value} />{" "}
      <small>
        {[...time, ...(fact ? otherMarks(fact) : [])].filter(Boolean).join(" · ")} {fact && <FactMarks fact={fact} />}{" "}
        {evidence.length > 0 ? (
          <a href={traceAddress(evidence)} aria-label={name}>
            {count || w.evidence}
          </a>
        ) : (
          count
        )}
      </small>
    </>
  );
}

function ValueLink({ value }: { value: Scalar }) {
  const lang = useLanguage();
  const text = asText(value, lang);
  if (isThing(value) && hasPage(value.iri))
    return (
      <a href={entityAddress(value.iri)}>
        <bdi>{text}</bdi>
      </a>
    );
  return isWeb(text) ? <ExternalLink address={text}>{text}</ExternalLink> : <bdi>{text}</bdi>;
}

/** The number of rows of an answer, linked to its question. */
function CountField({ count }: { count: Count }) {
  const lang = useLanguage();
  const w = useWords(words);
  return (
    <>
      <a href={questionAddress(count)} title={count.title}>
        <b>{number(count.total, lang)}</b>
      </a>
      {count.parts.map(({ label, values }) => {
        const rest = values.slice(MAX_COUNTS);
        return (
          <p key={label}>
            <span class="quiet">{label}:</span>{" "}
            {values
              .slice(0, MAX_COUNTS)
              .map(({ value, count }) => `${asText(value, lang)} ${number(count, lang)}`)
              .join(" · ")}
            {rest.length > 0 && ` · ${fill(w.more, rest.length)}`}
          </p>
        );
      })}
    </>
  );
}
