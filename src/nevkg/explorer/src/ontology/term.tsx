import { useCallback } from "preact/hooks";
import type { Language, Term, Thing } from "../api/types";
import { useLoading } from "../api/use";
import { fill, number, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { traceAddress } from "../trace/address";
import { plainPageAddress } from "../trace/plain-page";
import { Loaded } from "../ui/loaded";
import { ClassDiagram } from "./diagram";
import { examplesOf, queryOf } from "./examples";
import { belowOf, type Entry, incoming, type Kind, type Link, type Model, outgoing, related, tree } from "./model";
import { Branches } from "./tree";
import { words } from "./words";

const RELATIONS = ["above", "domain", "range", "valuesFrom", "scheme", "definedBy"] as const;
const OTHER: Readonly<Record<Language, Language>> = { en: "zh", zh: "en" };

interface Props {
  readonly model: Model;
  readonly entry: Entry;
  readonly colors: ReadonlyMap<string, string>;
}

/** All that is told of one term. */
export function TermPage({ model, entry, colors }: Props) {
  const { term, kind, other } = entry;
  const w = useWords(words);
  const language = useLanguage();
  const query = queryOf(kind, term.iri);
  const below = belowOf(model, term.iri);
  return (
    <article class="term">
      <header>
        <p class="kind">
          {w.kinds[kind]} · <code>{term.name}</code>
        </p>
        <h1>
          {kind === "class" && <Mark color={colors.get(term.iri)} />}
          {term.label}
        </h1>
        {other && other.label !== term.label && (
          <p class="quiet" lang={OTHER[language]}>
            {other.label}
          </p>
        )}
        {term.definition && <p class="definition">{term.definition}</p>}
        <p class="onward">
          <a href={plainPageAddress(term.iri, language)}>{w.page}</a>
          {query && <a href={href("sparql", "", { query })}>{w.query}</a>}
        </p>
      </header>
      <dl class="facts">
        {kind !== "scheme" && <Fact name={w.uses}>{number(term.uses, language)}</Fact>}
        {RELATIONS.map((relation) => {
          const things = related(term, relation);
          return (
            things.length > 0 && (
              <Fact key={relation} name={w.relations[relation]}>
                <Things model={model} things={things} />
              </Fact>
            )
          );
        })}
        {below.length > 0 && (
          <Fact name={w.below}>
            <Things model={model} things={below} />
          </Fact>
        )}
      </dl>
      {kind === "class" && <OfClass model={model} term={term} colors={colors} />}
      {kind === "scheme" && <OfScheme model={model} term={term} />}
      <Examples kind={kind} term={term} />
    </article>
  );
}

export function Mark({ color }: { color: string | undefined }) {
  return color ? <span class="swatch" aria-hidden="true" style={{ background: color }} /> : null;
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Things({ model, things }: { model: Model; things: readonly Thing[] }) {
  const language = useLanguage();
  return (
    <span class="values">
      {things.map((one) => {
        const entry = model.entries.get(one.iri);
        return (
          <a
            key={one.iri}
            href={entry ? href("ontology", entry.term.name) : plainPageAddress(one.iri, language)}
            class={entry ? "" : "elsewhere"}
          >
            <bdi>{one.label}</bdi>
          </a>
        );
      })}
    </span>
  );
}

function OfClass({ model, term, colors }: { model: Model; term: Term; colors: ReadonlyMap<string, string> }) {
  const w = useWords(words);
  return (
    <>
      <ClassDiagram model={model} term={term} colors={colors} />
      <Links model={model} title={w.has} end={w.relations.range} links={outgoing(model, term.iri)} />
      <Links model={model} title={w.ledTo} end={w.relations.domain} links={incoming(model, term.iri)} />
    </>
  );
}

function Links({ model, title, end, links }: { model: Model; title: string; end: string; links: readonly Link[] }) {
  const w = useWords(words);
  const language = useLanguage();
  if (!links.length) return null;
  const most = Math.max(...links.map(({ property }) => property.uses), 1);
  return (
    <section>
      <h2>
        {title} <span class="count">{links.length}</span>
      </h2>
      <div class="scroll">
        <table class="links">
          <thead>
            <tr>
              <th scope="col">{w.kinds.property}</th>
              <th scope="col">{end}</th>
              <th scope="col" class="number">
                {w.uses}
              </th>
              <th scope="col">{w.definition}</th>
            </tr>
          </thead>
          <tbody>
            {links.map(({ property, at, inherited }) => (
              <tr key={property.iri}>
                <td>
                  <a href={href("ontology", property.name)}>{property.label}</a>
                  {inherited && <small class="quiet"> {w.inherited}</small>}
                </td>
                <td>{at ? <Things model={model} things={[at]} /> : <span class="quiet">{w.value}</span>}</td>
                <td class="number">
                  {number(property.uses, language)}
                  <Bar part={property.uses / most} />
                </td>
                <td>{property.definition}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Bar({ part }: { part: number }) {
  return (
    <span class="gauge" aria-hidden="true">
      <span style={{ width: `${(part * 100).toFixed(1)}%` }} />
    </span>
  );
}

function OfScheme({ model, term }: { model: Model; term: Term }) {
  const w = useWords(words);
  const concepts = model.ontology.concepts.filter((one) => related(one, "scheme").some(({ iri }) => iri === term.iri));
  const users = model.ontology.properties.filter((one) => related(one, "valuesFrom").some(({ iri }) => iri === term.iri));
  return (
    <>
      {users.length > 0 && (
        <p>
          {w.valuesOf} <Things model={model} things={users} />
        </p>
      )}
      <section>
        <h2>
          {w.concepts} <span class="count">{concepts.length}</span>
        </h2>
        <Branches nodes={tree(concepts)} told chosen="" />
      </section>
    </>
  );
}

function Examples({ kind, term }: { kind: Kind; term: Term }) {
  const w = useWords(words);
  const language = useLanguage();
  const load = useCallback(() => examplesOf(kind, term.iri, language), [kind, term.iri, language]);
  const loading = useLoading(load);
  if (kind === "scheme") return null;
  return (
    <section>
      <h2>{w.examples}</h2>
      <Loaded of={loading}>
        {(examples) =>
          examples.length ? (
            <ul class="examples">
              {examples.map(({ thing, more }) => (
                <li key={thing.iri + more}>
                  <a href={traceAddress([thing.iri])}>
                    <bdi>{thing.label}</bdi>
                  </a>{" "}
                  <span class="quiet">{more}</span>
                </li>
              ))}
            </ul>
          ) : (
            <p class="quiet">{fill(w.unused, term.label)}</p>
          )
        }
      </Loaded>
    </section>
  );
}
