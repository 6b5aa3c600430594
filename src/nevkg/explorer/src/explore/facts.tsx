import type { ComponentChildren } from "preact";
import { fill, useLanguage, useWords } from "../state/language";
import { asText, ExternalLink } from "../ui/value";
import type { Facts, Spell } from "./data";
import { useFactNames } from "./fact-names";
import { words } from "./words";

export function Time({ spell: { from, until } }: { spell: Spell }) {
  const w = useWords(words);
  if (from && until) return <>{fill(w.between, from, until)}</>;
  return <>{from ? fill(w.since, from) : until ? fill(w.until, until) : w.undated}</>;
}

export function FactList({ facts }: { facts: Facts }) {
  const w = useWords(words);
  const tongue = useLanguage();
  const labelOf = useFactNames();
  const entries = Object.entries(facts);
  if (!entries.length) return null;
  return (
    <Section title={w.facts}>
      <dl>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd>
              <bdi>{asText(value, tongue)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** The name of an entity or a statement, linked to itself: where there is no server, there is no page of it either. */
export function NameLink({ iri, label }: { iri: string; label?: string }) {
  return (
    <p class="name">
      {label && `${label}: `}
      <ExternalLink address={iri}>{iri}</ExternalLink>
    </p>
  );
}
