// The completion of the editor.
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { get } from "../api/get";
import type { Hit, Language, Ontology } from "../api/types";
import type { Prefixes } from "../state/names";
import { type Candidate, candidatesOf, likelyKinds, matchTerms, missingPrefix, prologueStart, variables, wordAt } from "./candidates";
import { CLAUSES, FUNCTIONS } from "./keywords";

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
