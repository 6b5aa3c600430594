// The terms of the ontology and their relations, independent of how they are displayed.

import { isThing, type Ontology, type Term, type Thing } from "../api/types";

type Kind = "class" | "property" | "scheme" | "concept";

interface Entry {
  readonly term: Term;
  readonly kind: Kind;
}

interface Node {
  readonly term: Term;
  readonly children: readonly Node[];
}

export interface Model {
  readonly ontology: Ontology;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Indexes the terms of an ontology. */
export function buildModel(ontology: Ontology): Model {
  const entries = new Map<string, Entry>();
  const { classes, properties, schemes, concepts } = ontology;
  for (const [kind, terms] of Object.entries({ class: classes, property: properties, scheme: schemes, concept: concepts }))
    for (const term of terms) entries.set(term.iri, { term, kind: kind as Kind });
  return { ontology, entries };
}

/** Returns the terms that a term has a relation to, such as `above` or `domain`. */
function related(term: Term, relation: string): Thing[] {
  const values = term[relation];
  return Array.isArray(values) ? values.filter(isThing) : [];
}

/** Builds the hierarchy of terms. A term with two broader terms appears twice. */
export function buildTree(terms: readonly Term[]): Node[] {
  const iris = new Set(terms.map(({ iri }) => iri));
  const parents = (term: Term) => related(term, "above").filter(({ iri }) => iris.has(iri) && iri !== term.iri);
  const nodeOf = (term: Term, path: ReadonlySet<string>): Node => ({
    term,
    children: terms
      .filter((child) => !path.has(child.iri) && parents(child).some(({ iri }) => iri === term.iri))
      .map((child) => nodeOf(child, new Set([...path, child.iri]))),
  });
  return terms.filter((term) => !parents(term).length).map((term) => nodeOf(term, new Set([term.iri])));
}

/** Returns the IRIs of all broader terms, the nearest first. */
export function ancestorsOf({ entries }: Model, iri: string): string[] {
  const iris = [iri];
  for (const current of iris) {
    const term = entries.get(current)?.term;
    for (const next of term ? related(term, "above") : []) if (entries.has(next.iri) && !iris.includes(next.iri)) iris.push(next.iri);
  }
  return iris.slice(1);
}

/** A property between a class and the class at its other end. */
export interface Link {
  readonly property: Term;
  readonly end: Thing | null; // null if any value is possible
  readonly isInherited: boolean;
}

/** Returns the properties of instances of a class, its own before those of superclasses. */
export function outgoing(model: Model, iri: string): Link[] {
  return links(model, iri, "domain", (property) => [...related(property, "valuesFrom"), ...related(property, "range")][0] ?? null);
}

/** Returns the properties that point to instances of a class, except those that also start from it, which are outgoing. */
export function incoming(model: Model, iri: string): Link[] {
  const domainOf = (property: Term) => related(property, "domain")[0] ?? null;
  return links(model, iri, "range", domainOf).filter(({ property }) => !related(property, "domain").some((domain) => domain.iri === iri));
}

function links(model: Model, iri: string, side: "domain" | "range", endOf: (property: Term) => Thing | null): Link[] {
  const linkByProperty = new Map<string, Link>();
  for (const owner of [iri, ...ancestorsOf(model, iri)]) {
    for (const property of model.ontology.properties) {
      if (linkByProperty.has(property.iri) || !related(property, side).some((end) => end.iri === owner)) continue;
      linkByProperty.set(property.iri, { property, end: endOf(property), isInherited: owner !== iri });
    }
  }
  return [...linkByProperty.values()];
}

/** Returns the root classes that properties connect, with the properties between each two of them or their subclasses. */
export function overviewOf(model: Model): { roots: Term[]; edges: { from: string; to: string; properties: Term[] }[] } {
  const rootOf = (iri: string) => (model.entries.get(iri)?.kind === "class" ? (ancestorsOf(model, iri).at(-1) ?? iri) : undefined);
  const edges = new Map<string, { from: string; to: string; properties: Term[] }>();
  for (const property of model.ontology.properties) {
    for (const domain of related(property, "domain")) {
      for (const range of related(property, "range")) {
        const [from, to] = [rootOf(domain.iri), rootOf(range.iri)];
        if (!from || !to || from === to) continue;
        const key = `${from} ${to}`;
        if (!edges.has(key)) edges.set(key, { from, to, properties: [] });
        edges.get(key)?.properties.push(property);
      }
    }
  }
  const connected = new Set([...edges.values()].flatMap(({ from, to }) => [from, to]));
  return {
    roots: buildTree(model.ontology.classes).flatMap(({ term }) => (connected.has(term.iri) ? [term] : [])),
    edges: [...edges.values()],
  };
}
