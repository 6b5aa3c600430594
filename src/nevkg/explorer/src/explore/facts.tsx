import type { ComponentChildren } from "preact";
import { fill, useLanguage, useWords } from "../state/language";
import { asText, ExternalLink } from "../ui/value";
import type { Facts, Spell } from "./data";
import { useFactNames } from "./fact-names";
import { words } from "./words";

/** The period in which a link holds. */
export function Period({ spell: { from, until } }: { spell: Spell }) {
  const w = useWords(words);
  if (from && until) return <>{fill(w.between, from, until)}</>;
  return <>{from ? fill(w.since, from) : until ? fill(w.until, until) : w.undated}</>;
}

/** The attributes of a node or a link. */
export function FactList({ facts }: { facts: Facts }) {
  const w = useWords(words);
  const lang = useLanguage();
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
              <bdi>{asText(value, lang)}</bdi>
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

/** The IRI of an entity or a statement, as a link; for the standalone file, in which it has no page. */
export function IriLink({ iri, label }: { iri: string; label?: string }) {
  return (
    <p class="name">
      {label && `${label}: `}
      <ExternalLink address={iri}>{iri}</ExternalLink>
    </p>
  );
}
