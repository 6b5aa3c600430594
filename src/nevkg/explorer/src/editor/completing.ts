// What can be meant at a place of a query: the logic of completion, without the editor.
import { fold } from "../answer/rows";
import type { Ontology, Term } from "../api/types";
import type { Prefixes } from "../state/names";

export interface Place {
  readonly kind: "variable" | "iri" | "word" | "none";
  readonly text: string;
  readonly from: number;
}

const WORD = /[\p{L}\p{N}_:.%-]+$/u;

/** The word that ends at the cursor, by the text before it. */
export function placeOf(before: string): Place {
  const none: Place = { kind: "none", text: "", from: before.length };
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (isIn(line, "comment")) return none;
  if (isIn(line, "text")) return none;
  const variable = /[?$]([\p{L}\p{N}_]*)$/u.exec(line);
  if (variable) return { kind: "variable", text: variable[0], from: before.length - variable[0].length };
  if (/<[^<>\s]*$/.test(line)) return { ...none, kind: "iri" };
  const word = WORD.exec(line)?.[0] ?? "";
  return word && !/^\d/.test(word) ? { kind: "word", text: word, from: before.length - word.length } : none;
}

function isIn(line: string, what: "comment" | "text"): boolean {
  let within = "";
  for (let at = 0; at < line.length; at += 1) {
    const letter = line[at] as string;
    if (within === "<") {
      if (letter === ">" || letter === " ") within = "";
    } else if (within) {
      if (letter === "\\") at += 1;
      else if (letter === within) within = "";
    } else if (letter === "#") return what === "comment";
    else if (letter === '"' || letter === "'" || letter === "<") within = letter;
  }
  return what === "text" && (within === '"' || within === "'");
}

/** The variables of a query, each once, but for the one that is being written. */
export function variables(text: string, except = ""): string[] {
  const found = new Set(text.match(/[?$][\p{L}_][\p{L}\p{N}_]*/gu));
  found.delete(except);
  return [...found];
}

/** The line that declares the prefix of a name, where the query lacks it. */
export function missingPrefix(text: string, name: string, prefixes: Prefixes): string {
  const prefix = name.split(":")[0] ?? "";
  const namespace = prefixes[prefix];
  if (!namespace) return "";
  const declared = new RegExp(`^\\s*PREFIX\\s+${prefix.replace(/[^\w-]/g, "")}:`, "im");
  return declared.test(text) ? "" : `PREFIX ${prefix}: <${namespace}>\n`;
}

/** Where a PREFIX line goes: after the comments at the beginning, before all else. */
export function prologue(text: string): number {
  return /^(?:[ \t]*#[^\n]*\n|[ \t]*\n)*/.exec(text)?.[0].length ?? 0;
}

export type Kind = "class" | "property" | "concept";
const AFTER_TYPE: readonly Kind[] = ["class", "concept", "property"];
const ELSEWHERE: readonly Kind[] = ["property", "class", "concept"];

/** Which kinds of terms are likely at a place, the likeliest first: after "a" a class, else a property. */
export function likely(before: string): readonly Kind[] {
  return /(?:\ba|\brdf:type)\s+$/.test(before) ? AFTER_TYPE : ELSEWHERE;
}

export interface Known {
  readonly term: Term;
  readonly kind: Kind;
  readonly labels: readonly string[];
  readonly sought: string;
}

/** All terms with their labels in the languages, the reader's own first. */
export function knownTerms(own: Ontology, other: Ontology | undefined): Known[] {
  const groups = [
    ["class", own.classes, other?.classes],
    ["property", own.properties, other?.properties],
    ["concept", own.concepts, other?.concepts],
  ] as const;
  return groups.flatMap(([kind, terms, others]) => {
    const second = new Map(others?.map((one) => [one.iri, one.label]));
    return terms.map((term) => {
      const labels = [...new Set([term.label, second.get(term.iri) ?? term.label])];
      return { term, kind, labels, sought: fold([term.name, ...labels].join(" ")) };
    });
  });
}

/** The terms that a word may mean: those whose name or label begins with it, then those that hold it. */
export function matching(known: readonly Known[], word: string, kinds: readonly Kind[], most: number): Known[] {
  const wanted = fold(word);
  const rank = (one: Known) => {
    const local = fold(one.term.name.slice(one.term.name.indexOf(":") + 1));
    if (fold(one.term.name).startsWith(wanted) || local.startsWith(wanted)) return 0;
    return one.labels.some((label) => fold(label).startsWith(wanted)) ? 1 : 2;
  };
  return known
    .filter((one) => one.sought.includes(wanted))
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => a.rank - b.rank || kinds.indexOf(a.one.kind) - kinds.indexOf(b.one.kind) || b.one.term.uses - a.one.term.uses)
    .slice(0, most)
    .map(({ one }) => one);
}
