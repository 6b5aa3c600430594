// The terms of the ontology and how they hang together: the logic of the view, without its looks.
import { fold } from "../answer/rows";
import { isThing, type Ontology, type Term, type Thing } from "../api/types";

export type Kind = "class" | "property" | "scheme" | "concept";

export interface Entry {
  readonly term: Term;
  readonly kind: Kind;
  readonly other: Term | undefined; // the same in the other language
}

export interface Node {
  readonly term: Term;
  readonly below: readonly Node[];
}

export interface Model {
  readonly ontology: Ontology;
  readonly entries: ReadonlyMap<string, Entry>;
}

export function modelOf(ontology: Ontology, other: Ontology | undefined): Model {
  const entries = new Map<string, Entry>();
  const add = (kind: Kind, terms: readonly Term[], others: readonly Term[] | undefined) => {
    const second = new Map(others?.map((one) => [one.iri, one]));
    for (const term of terms) entries.set(term.iri, { term, kind, other: second.get(term.iri) });
  };
  add("class", ontology.classes, other?.classes);
  add("property", ontology.properties, other?.properties);
  add("scheme", ontology.schemes, other?.schemes);
  add("concept", ontology.concepts, other?.concepts);
  return { ontology, entries };
}

export function byName({ entries }: Model, name: string): Entry | undefined {
  return [...entries.values()].find(({ term }) => term.name === name || term.iri === name);
}

/** The things to which a term stands in a relation, such as `above` or `domain`. */
export function related(term: Term, relation: string): Thing[] {
  const found = term[relation];
  return Array.isArray(found) ? found.filter(isThing) : [];
}

/** Terms below those that are above them; one that is below two stands there twice. */
export function tree(terms: readonly Term[]): Node[] {
  const known = new Set(terms.map((one) => one.iri));
  const above = (term: Term) => related(term, "above").filter(({ iri }) => known.has(iri) && iri !== term.iri);
  const grow = (term: Term, path: ReadonlySet<string>): Node => ({
    term,
    below: terms
      .filter((one) => !path.has(one.iri) && above(one).some(({ iri }) => iri === term.iri))
      .map((one) => grow(one, new Set([...path, one.iri]))),
  });
  return terms.filter((one) => !above(one).length).map((one) => grow(one, new Set([one.iri])));
}

/** All terms above one, the nearest first. */
export function aboveOf({ entries }: Model, iri: string): string[] {
  const found = [iri];
  for (const one of found) {
    const term = entries.get(one)?.term;
    for (const next of term ? related(term, "above") : []) if (entries.has(next.iri) && !found.includes(next.iri)) found.push(next.iri);
  }
  return found.slice(1);
}

export function belowOf({ entries }: Model, iri: string): Term[] {
  return [...entries.values()].map(({ term }) => term).filter((term) => related(term, "above").some((one) => one.iri === iri));
}

export interface Link {
  readonly property: Term;
  readonly at: Thing | null; // the other end; null where it is any value
  readonly inherited: boolean;
}

/** The properties that things of a class have, its own before those of classes above. */
export function outgoing(model: Model, iri: string): Link[] {
  return links(model, iri, "domain", (property) => [...related(property, "valuesFrom"), ...related(property, "range")][0] ?? null);
}

/** The properties that lead to things of a class; those that lead from it to itself are among the outgoing. */
export function incoming(model: Model, iri: string): Link[] {
  const from = (property: Term) => related(property, "domain")[0] ?? null;
  return links(model, iri, "range", from).filter(({ property }) => !related(property, "domain").some((one) => one.iri === iri));
}

function links(model: Model, iri: string, side: "domain" | "range", other: (property: Term) => Thing | null): Link[] {
  const found = new Map<string, Link>();
  for (const one of [iri, ...aboveOf(model, iri)]) {
    for (const property of model.ontology.properties) {
      if (found.has(property.iri) || !related(property, side).some((end) => end.iri === one)) continue;
      found.set(property.iri, { property, at: other(property), inherited: one !== iri });
    }
  }
  return [...found.values()];
}

/** The classes below no other, and how many properties lead from one to another. */
export function overview(model: Model): { roots: Term[]; edges: { from: string; to: string; properties: Term[] }[] } {
  const top = (iri: string) => (model.entries.get(iri)?.kind === "class" ? (aboveOf(model, iri).at(-1) ?? iri) : undefined);
  const edges = new Map<string, { from: string; to: string; properties: Term[] }>();
  for (const property of model.ontology.properties) {
    for (const domain of related(property, "domain")) {
      for (const range of related(property, "range")) {
        const [from, to] = [top(domain.iri), top(range.iri)];
        if (!from || !to || from === to) continue;
        const key = `${from} ${to}`;
        if (!edges.has(key)) edges.set(key, { from, to, properties: [] });
        edges.get(key)?.properties.push(property);
      }
    }
  }
  const joined = new Set([...edges.values()].flatMap(({ from, to }) => [from, to]));
  return { roots: tree(model.ontology.classes).flatMap(({ term }) => (joined.has(term.iri) ? [term] : [])), edges: [...edges.values()] };
}

/** The terms that hold all words of a text, in either language; those whose name or label begins with it come first. */
export function search({ entries }: Model, text: string): Entry[] {
  const wanted = fold(text).split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const names = ({ term, other }: Entry) => [term.name.slice(term.name.indexOf(":") + 1), term.label, other?.label ?? ""].map(fold);
  const rank = (entry: Entry) => {
    const own = names(entry);
    if (own.some((one) => one === wanted.join(" "))) return 0;
    if (own.some((one) => one.startsWith(wanted[0] as string))) return 1;
    return wanted.every((word) => own.some((one) => one.includes(word))) ? 2 : 3;
  };
  const whole = (entry: Entry) => fold([entry.term.name, ...names(entry), entry.term.definition, entry.other?.definition].join(" "));
  return [...entries.values()]
    .filter((entry) => wanted.every((word) => whole(entry).includes(word)))
    .map((entry) => ({ entry, rank: rank(entry) }))
    .sort((a, b) => a.rank - b.rank || b.entry.term.uses - a.entry.term.uses)
    .map(({ entry }) => entry);
}
