// The completion of the editor.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { get } from "../api/requests";
import type { Hit, Language, Ontology, Term } from "../api/types";
import { fold } from "../ui/text";
import type { Prefixes } from "./results";

// The keywords and functions of SPARQL 1.1 queries.
const CLAUSES =
  `SELECT CONSTRUCT DESCRIBE ASK WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED OPTIONAL UNION MINUS GRAPH SERVICE SILENT FILTER BIND AS
VALUES UNDEF GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET EXISTS NOT IN TRUE FALSE SEPARATOR`.split(/\s+/);

const FUNCTIONS =
  `COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN
UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID
STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC SUBSTR REPLACE REGEX`.split(
    /\s+/,
  );

/** The word at the cursor. */
interface Word {
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

type Kind = "class" | "property" | "concept";
const AFTER_TYPE: readonly Kind[] = ["class", "concept", "property"];
const ELSEWHERE: readonly Kind[] = ["property", "class", "concept"];

/** Returns the kinds of terms in order of likelihood: classes first after "a", otherwise properties first. */
export function likelyKinds(before: string): readonly Kind[] {
  return /(?:\ba|\brdf:type)\s+$/.test(before) ? AFTER_TYPE : ELSEWHERE;
}

/** A term with its labels and the text to search. */
interface Candidate {
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

const MIN_LENGTH = 3; // of a word, to search entities
const MAX_TERMS = 20;
const MAX_ENTITIES = 12;
const SEARCH_DELAY = 150; // milliseconds after a keystroke

export interface Vocabulary {
  readonly own: Ontology;
  readonly other: Ontology | undefined;
  readonly lang: Language;
}

/** Returns a completion source for terms of the ontology, variables of the query, and entities of the dataset. */
export function completionSource(vocabulary: () => Vocabulary | undefined) {
  let cache: { readonly of: Vocabulary; readonly candidates: Candidate[] } | undefined;
  const candidates = (of: Vocabulary) => {
    if (cache?.of !== of) cache = { of, candidates: candidatesOf(of.own, of.other) };
    return cache.candidates;
  };
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    const word = wordAt(text.slice(0, context.pos));
    if (word.kind === "iri" || (word.kind === "none" && !context.explicit)) return null;
    if (word.kind === "variable") {
      const options = variables(text, word.text).map((label) => ({ label, type: "variable" }));
      return options.length ? { from: word.from, options, validFor: /^[?$][\p{L}\p{N}_]*$/u } : null;
    }
    const loaded = vocabulary();
    const prefixes = loaded?.own.prefixes ?? {};
    const kinds = likelyKinds(text.slice(0, word.from));
    const terms = loaded
      ? matchTerms(candidates(loaded), word.text, kinds, MAX_TERMS).map((candidate) => termCompletion(candidate, prefixes))
      : [];
    const hits = loaded ? await searchEntities(word.text, loaded.lang, context) : [];
    if (context.aborted) return null;
    const termNames = new Set(terms.map(({ label }) => label));
    const entities = hits.filter((hit) => !termNames.has(hit.name)).map((hit) => entityCompletion(hit, prefixes));
    const syntax = [...keywordCompletions(word.text), ...prefixCompletions(word.text, prefixes)];
    const options = kinds[0] === "class" ? [...terms, ...syntax, ...entities] : [...syntax, ...terms, ...entities];
    return options.length ? { from: word.from, options, filter: false } : null;
  };
}

function keywordCompletions(word: string): Completion[] {
  const prefix = word.toUpperCase();
  const matches = (keyword: string) => prefix && keyword.startsWith(prefix);
  return [
    ...CLAUSES.filter(matches).map((label) => ({ label, type: "keyword" })),
    ...FUNCTIONS.filter(matches).map((label) => ({ label, type: "function", apply: `${label}(` })),
  ];
}

function prefixCompletions(word: string, prefixes: Prefixes): Completion[] {
  const matches = Object.entries(prefixes).filter(([prefix]) => word && !word.includes(":") && prefix.startsWith(word));
  return matches.map(([prefix, namespace]) => ({
    label: `${prefix}:`,
    detail: namespace,
    type: "namespace",
    apply: insertName(`${prefix}:`, prefixes),
  }));
}

function termCompletion({ term, kind, labels }: Candidate, prefixes: Prefixes): Completion {
  return {
    label: term.name,
    detail: labels.join(" · "),
    type: kind === "concept" ? "enum" : kind,
    apply: insertName(term.name, prefixes),
    ...(term.definition ? { info: term.definition } : {}),
  };
}

async function searchEntities(word: string, lang: Language, context: CompletionContext): Promise<readonly Hit[]> {
  if (word.replace(/^.*:/, "").length < minLengthOf(word)) return [];
  await new Promise((resolve) => setTimeout(resolve, SEARCH_DELAY));
  if (context.aborted) return [];
  try {
    return (await get<{ hits: Hit[] }>("api/search", { q: word.replace(/^.*:/, ""), lang, limit: MAX_ENTITIES })).hits;
  } catch {
    return []; // the other completions do not depend on the search
  }
}

/** Two Chinese characters are as specific as three letters. */
function minLengthOf(word: string): number {
  return /\p{Script=Han}/u.test(word) ? MIN_LENGTH - 1 : MIN_LENGTH;
}

function entityCompletion(hit: Hit, prefixes: Prefixes): Completion {
  const [prefix = ""] = hit.name.split(":");
  const hasPrefix = prefix in prefixes;
  return {
    label: hit.name,
    detail: hit.label,
    type: "constant",
    info: hit.kinds.join(", "),
    apply: hasPrefix ? insertName(hit.name, prefixes) : `<${hit.iri}>`,
  };
}

/** Returns a function that inserts a name, and its PREFIX line at the beginning if the query lacks it. */
function insertName(name: string, prefixes: Prefixes) {
  return (view: EditorView, _: Completion, from: number, to: number) => {
    const text = view.state.doc.toString();
    const isPrefixLine = /\bPREFIX\s+$/i.test(text.slice(Math.max(0, from - 20), from));
    const line = isPrefixLine ? "" : missingPrefix(text, name, prefixes);
    const inserted = isPrefixLine ? `${name} <${prefixes[name.slice(0, name.indexOf(":"))] ?? ""}>` : name;
    const start = Math.min(prologueStart(text), from);
    view.dispatch({
      changes: [...(line ? [{ from: start, insert: line }] : []), { from, to, insert: inserted }],
      selection: { anchor: from + line.length + inserted.length },
      userEvent: "input.complete",
    });
  };
}
