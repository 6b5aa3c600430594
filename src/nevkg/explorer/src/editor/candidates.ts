// Finds candidates for completion at a position of a query, independent of the editor.
import { fold } from "../answer/rows";
import type { Ontology, Term } from "../api/types";
import type { Prefixes } from "../state/names";

/** The word at the cursor. */
export interface Word {
  readonly kind: "variable" | "iri" | "word" | "none";
  readonly text: string;
  readonly from: number;
}

const NAME = /[\p{L}\p{N}_:.%-]+$/u;

/** Returns the word that ends at the cursor, from the text before it. */
export function wordAt(before: string): Word {
  const none: Word = { kind: "none", text: "", from: before.length };
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (isInCommentOrString(line)) return none;
  const variable = /[?$]([\p{L}\p{N}_]*)$/u.exec(line);
  if (variable) return { kind: "variable", text: variable[0], from: before.length - variable[0].length };
  if (/<[^<>\s]*$/.test(line)) return { ...none, kind: "iri" };
  const word = NAME.exec(line)?.[0] ?? "";
  return word && !/^\d/.test(word) ? { kind: "word", text: word, from: before.length - word.length } : none;
}

function isInCommentOrString(line: string): boolean {
  let delimiter = "";
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] as string;
    if (delimiter === "<") {
      if (character === ">" || character === " ") delimiter = "";
    } else if (delimiter) {
      if (character === "\\") index += 1;
      else if (character === delimiter) delimiter = "";
    } else if (character === "#") return true;
    else if (character === '"' || character === "'" || character === "<") delimiter = character;
  }
  return delimiter === '"' || delimiter === "'";
}

/** Returns the distinct variables of a query, without the one being typed. */
export function variables(text: string, except = ""): string[] {
  const names = new Set(text.match(/[?$][\p{L}_][\p{L}\p{N}_]*/gu));
  names.delete(except);
  return [...names];
}

/** Returns the PREFIX line for a name, or an empty string if the query has it already. */
export function missingPrefix(text: string, name: string, prefixes: Prefixes): string {
  const prefix = name.split(":")[0] ?? "";
  const namespace = prefixes[prefix];
  if (!namespace) return "";
  const declaration = new RegExp(`^\\s*PREFIX\\s+${prefix.replace(/[^\w-]/g, "")}:`, "im");
  return declaration.test(text) ? "" : `PREFIX ${prefix}: <${namespace}>\n`;
}

/** Returns the position for a PREFIX line: after the comments at the beginning. */
export function prologueStart(text: string): number {
  return /^(?:[ \t]*#[^\n]*\n|[ \t]*\n)*/.exec(text)?.[0].length ?? 0;
}

export type Kind = "class" | "property" | "concept";
const AFTER_TYPE: readonly Kind[] = ["class", "concept", "property"];
const ELSEWHERE: readonly Kind[] = ["property", "class", "concept"];

/** Returns the kinds of terms in order of likelihood: classes first after "a", otherwise properties first. */
export function likelyKinds(before: string): readonly Kind[] {
  return /(?:\ba|\brdf:type)\s+$/.test(before) ? AFTER_TYPE : ELSEWHERE;
}

/** A term with its labels and the text to search. */
export interface Candidate {
  readonly term: Term;
  readonly kind: Kind;
  readonly labels: readonly string[];
  readonly searchText: string;
}

/** Returns all terms with their labels in both languages, the reader's language first. */
export function candidatesOf(own: Ontology, other: Ontology | undefined): Candidate[] {
  const groups = [
    ["class", own.classes, other?.classes],
    ["property", own.properties, other?.properties],
    ["concept", own.concepts, other?.concepts],
  ] as const;
  return groups.flatMap(([kind, terms, others]) => {
    const otherLabels = new Map(others?.map(({ iri, label }) => [iri, label]));
    return terms.map((term) => {
      const labels = [...new Set([term.label, otherLabels.get(term.iri) ?? term.label])];
      return { term, kind, labels, searchText: fold([term.name, ...labels].join(" ")) };
    });
  });
}

/** Returns the terms that match a word: those whose name or label begins with it, then those that contain it. */
export function matchTerms(candidates: readonly Candidate[], word: string, kinds: readonly Kind[], limit: number): Candidate[] {
  const text = fold(word);
  const rankOf = ({ term, labels }: Candidate) => {
    const local = fold(term.name.slice(term.name.indexOf(":") + 1));
    if (fold(term.name).startsWith(text) || local.startsWith(text)) return 0;
    return labels.some((label) => fold(label).startsWith(text)) ? 1 : 2;
  };
  return candidates
    .filter(({ searchText }) => searchText.includes(text))
    .map((candidate) => ({ ...candidate, candidate, rank: rankOf(candidate) }))
    .sort((a, b) => a.rank - b.rank || kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.term.uses - a.term.uses)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}
