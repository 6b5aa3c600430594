// Examples of entities that use a term.

import { useCallback } from "preact/hooks";
import { useLoading } from "../api/requests";
import { fetchLabels, select } from "../api/sparql";
import type { Language, Term, Thing } from "../api/types";
import { pageOf, traceAddress } from "../state/address";
import { fill, number, otherLanguage, useLanguage, useWords } from "../state/language";
import { href } from "../state/route";
import { Gauge } from "../ui/controls";
import { Loaded } from "../ui/loading";
import { ClassDiagram } from "./diagram";
import { buildTree, childrenOf, type Entry, incoming, type Kind, type Link, type Model, outgoing, related } from "./model";
import { ColorSwatch, TermTree } from "./tree";
import { words } from "./words";

const MAX_EXAMPLES = 6;
const SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf";

/** Returns a SPARQL query for examples, which can also be opened in the editor. */
function queryOf(kind: Kind, iri: string): string | null {
  switch (kind) {
    case "class":
      return `SELECT DISTINCT ?thing\nWHERE {\n  ?thing a/<${SUBCLASS}>* <${iri}> .\n}\nLIMIT ${MAX_EXAMPLES}\n`;
    case "property":
      return `SELECT DISTINCT ?thing ?value\nWHERE {\n  ?thing <${iri}> ?value .\n}\nLIMIT ${MAX_EXAMPLES}\n`;
    case "concept":
      return `SELECT DISTINCT ?thing ?property\nWHERE {\n  ?thing ?property <${iri}> .\n}\nLIMIT ${MAX_EXAMPLES}\n`;
    default:
      return null;
  }
}

interface Example {
  readonly entity: Thing;
  readonly note: string;
}

/** Loads entities that use a term, with a value or a property as note. */
async function examplesOf(kind: Kind, iri: string, lang: Language): Promise<Example[]> {
  const query = queryOf(kind, iri);
  if (!query) return [];
  const rows = (await select(query)).filter(({ thing }) => thing?.type === "uri");
  const terms = rows.flatMap(({ thing, value, property }) => [thing, value, property]);
  const names = await fetchLabels(
    terms.flatMap((term) => (term?.type === "uri" ? [term.value] : [])),
    lang,
  );
  const name = (term: { type: string; value: string } | undefined) =>
    term ? (term.type === "uri" ? (names.get(term.value) ?? lastSegment(term.value)) : term.value) : "";
  return rows.map(({ thing, value, property }) => ({
    entity: { iri: thing?.value ?? "", label: name(thing) },
    note: name(value ?? property),
  }));
}

function lastSegment(iri: string): string {
  return iri.split(/[/#]/).at(-1) || iri;
}

const RELATIONS = ["above", "domain", "range", "valuesFrom", "scheme", "definedBy"] as const;

interface Props {
  readonly model: Model;
  readonly entry: Entry;
  readonly colors: ReadonlyMap<string, string>;
}

/** The page of a term. */
export function TermPage({ model, entry, colors }: Props) {
  const { term, kind, other } = entry;
  const w = useWords(words);
  const lang = useLanguage();
  const query = queryOf(kind, term.iri);
  const children = childrenOf(model, term.iri);
  return (
    <article class="term">
      <header>
        <p class="kind">
          {w.kinds[kind]} · <code>{term.name}</code>
        </p>
        <h1>
          {kind === "class" && <ColorSwatch color={colors.get(term.iri)} />}
          {term.label}
        </h1>
        {other && other.label !== term.label && (
          <p class="quiet" lang={otherLanguage(lang)}>
            {other.label}
          </p>
        )}
        {term.definition && <p class="definition">{term.definition}</p>}
        <p class="onward">{query && <a href={href("sparql", "", { query })}>{w.query}</a>}</p>
      </header>
      <dl class="facts">
        {kind !== "scheme" && <Fact name={w.uses}>{number(term.uses, lang)}</Fact>}
        {RELATIONS.map((relation) => {
          const terms = related(term, relation);
          return (
            terms.length > 0 && (
              <Fact key={relation} name={w.relations[relation]}>
                <TermLinks model={model} terms={terms} />
              </Fact>
            )
          );
        })}
        {children.length > 0 && (
          <Fact name={w.below}>
            <TermLinks model={model} terms={children} />
          </Fact>
        )}
      </dl>
      {kind === "class" && <ClassSection model={model} term={term} colors={colors} />}
      {kind === "scheme" && <SchemeSection model={model} term={term} />}
      <Examples kind={kind} term={term} />
    </article>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function TermLinks({ model, terms }: { model: Model; terms: readonly Thing[] }) {
  const lang = useLanguage();
  return (
    <span class="values">
      {terms.map(({ iri, label }) => {
        const entry = model.entries.get(iri);
        return (
          <a key={iri} href={entry ? href("ontology", entry.term.name) : pageOf(iri, lang)}>
            <bdi>{label}</bdi>
          </a>
        );
      })}
    </span>
  );
}

function ClassSection({ model, term, colors }: { model: Model; term: Term; colors: ReadonlyMap<string, string> }) {
  const w = useWords(words);
  return (
    <>
      <ClassDiagram model={model} term={term} colors={colors} />
      <PropertyTable model={model} title={w.outgoing} end={w.relations.range} links={outgoing(model, term.iri)} />
      <PropertyTable model={model} title={w.incoming} end={w.relations.domain} links={incoming(model, term.iri)} />
    </>
  );
}

function PropertyTable({ model, title, end, links }: { model: Model; title: string; end: string; links: readonly Link[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  if (!links.length) return null;
  const max = Math.max(...links.map(({ property }) => property.uses), 1);
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
            {links.map(({ property, end: otherEnd, isInherited }) => (
              <tr key={property.iri}>
                <td>
                  <a href={href("ontology", property.name)}>{property.label}</a>
                  {isInherited && <small class="quiet"> {w.inherited}</small>}
                </td>
                <td>{otherEnd ? <TermLinks model={model} terms={[otherEnd]} /> : <span class="quiet">{w.value}</span>}</td>
                <td class="number">
                  {number(property.uses, lang)}
                  <Gauge part={property.uses / max} />
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

function SchemeSection({ model, term }: { model: Model; term: Term }) {
  const w = useWords(words);
  const concepts = model.ontology.concepts.filter((concept) => related(concept, "scheme").some(({ iri }) => iri === term.iri));
  const users = model.ontology.properties.filter((property) => related(property, "valuesFrom").some(({ iri }) => iri === term.iri));
  return (
    <>
      {users.length > 0 && (
        <p>
          {w.valuesOf} <TermLinks model={model} terms={users} />
        </p>
      )}
      <section>
        <h2>
          {w.concepts} <span class="count">{concepts.length}</span>
        </h2>
        <TermTree nodes={buildTree(concepts)} hasDefinitions selectedName="" />
      </section>
    </>
  );
}

function Examples({ kind, term }: { kind: Kind; term: Term }) {
  const w = useWords(words);
  const lang = useLanguage();
  const load = useCallback(() => examplesOf(kind, term.iri, lang), [kind, term.iri, lang]);
  const loading = useLoading(load);
  if (kind === "scheme") return null;
  return (
    <section>
      <h2>{w.examples}</h2>
      <Loaded of={loading}>
        {(examples) =>
          examples.length ? (
            <ul class="examples">
              {examples.map(({ entity, note }) => (
                <li key={entity.iri + note}>
                  <a href={traceAddress([entity.iri])}>
                    <bdi>{entity.label}</bdi>
                  </a>{" "}
                  <span class="quiet">{note}</span>
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
