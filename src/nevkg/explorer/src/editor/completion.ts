// What the editor offers while one types.
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { get } from "../api/get";
import type { Hit, Language, Ontology } from "../api/types";
import type { Prefixes } from "../state/names";
import { type Known, knownTerms, likely, matching, missingPrefix, placeOf, prologue, variables } from "./completing";
import { CLAUSES, FUNCTIONS } from "./keywords";

const LETTERS = 3; // a word of so many is looked for among the things
const OFFERED = 20;
const FOUND = 12;
const PAUSE = 150; // milliseconds after a letter, before the server is asked

export interface Vocabulary {
  readonly own: Ontology;
  readonly other: Ontology | undefined;
  readonly language: Language;
}

/** Completion by the ontology, the query itself, and the things of the dataset. */
export function source(vocabulary: () => Vocabulary | undefined) {
  let made: { readonly of: Vocabulary; readonly known: Known[] } | undefined;
  const known = (of: Vocabulary) => {
    if (made?.of !== of) made = { of, known: knownTerms(of.own, of.other) };
    return made.known;
  };
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const text = context.state.doc.toString();
    const place = placeOf(text.slice(0, context.pos));
    if (place.kind === "iri" || (place.kind === "none" && !context.explicit)) return null;
    if (place.kind === "variable") {
      const options = variables(text, place.text).map((label) => ({ label, type: "variable" }));
      return options.length ? { from: place.from, options, validFor: /^[?$][\p{L}\p{N}_]*$/u } : null;
    }
    const of = vocabulary();
    const prefixes = of?.own.prefixes ?? {};
    const kinds = likely(text.slice(0, place.from));
    const terms = of ? matching(known(of), place.text, kinds, OFFERED).map((one) => ofTerm(one, prefixes)) : [];
    const things = of ? await found(place.text, of.language, context) : [];
    if (context.aborted) return null;
    const told = new Set(terms.map((one) => one.label));
    const others = things.filter((hit) => !told.has(hit.name)).map((hit) => ofHit(hit, prefixes));
    const plain = [...words(place.text), ...ofPrefixes(place.text, prefixes)];
    const options = kinds[0] === "class" ? [...terms, ...plain, ...others] : [...plain, ...terms, ...others];
    return options.length ? { from: place.from, options, filter: false } : null;
  };
}

function words(typed: string): Completion[] {
  const wanted = typed.toUpperCase();
  const fit = (one: string) => wanted && one.startsWith(wanted);
  return [
    ...CLAUSES.filter(fit).map((label) => ({ label, type: "keyword" })),
    ...FUNCTIONS.filter(fit).map((label) => ({ label, type: "function", apply: `${label}(` })),
  ];
}

function ofPrefixes(typed: string, prefixes: Prefixes): Completion[] {
  const fit = Object.entries(prefixes).filter(([prefix]) => typed && !typed.includes(":") && prefix.startsWith(typed));
  return fit.map(([prefix, namespace]) => ({
    label: `${prefix}:`,
    detail: namespace,
    type: "namespace",
    apply: declaring(`${prefix}:`, prefixes),
  }));
}

function ofTerm({ term, kind, labels }: Known, prefixes: Prefixes): Completion {
  return {
    label: term.name,
    detail: labels.join(" · "),
    type: kind === "concept" ? "enum" : kind,
    apply: declaring(term.name, prefixes),
    ...(term.definition ? { info: term.definition } : {}),
  };
}

async function found(word: string, lang: Language, context: CompletionContext): Promise<readonly Hit[]> {
  if (word.replace(/^.*:/, "").length < lettersOf(word)) return [];
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (context.aborted) return [];
  try {
    return (await get<{ hits: Hit[] }>("api/search", { q: word.replace(/^.*:/, ""), lang, limit: FOUND })).hits;
  } catch {
    return []; // the other offers stand without them
  }
}

/** A Chinese name has as much in two letters as another has in three. */
function lettersOf(word: string): number {
  return /\p{Script=Han}/u.test(word) ? LETTERS - 1 : LETTERS;
}

function ofHit(hit: Hit, prefixes: Prefixes): Completion {
  const [prefix = ""] = hit.name.split(":");
  const known = prefix in prefixes;
  return {
    label: hit.name,
    detail: hit.label,
    type: "constant",
    info: hit.kinds.join(", "),
    apply: known ? declaring(hit.name, prefixes) : `<${hit.iri}>`,
  };
}

/** Puts a name in its place, and its PREFIX line at the beginning if that is missing. */
function declaring(name: string, prefixes: Prefixes) {
  return (view: EditorView, _: Completion, from: number, to: number) => {
    const text = view.state.doc.toString();
    const isDeclaring = /\bPREFIX\s+$/i.test(text.slice(Math.max(0, from - 20), from));
    const line = isDeclaring ? "" : missingPrefix(text, name, prefixes);
    const inserted = isDeclaring ? `${name} <${prefixes[name.slice(0, name.indexOf(":"))] ?? ""}>` : name;
    const at = Math.min(prologue(text), from);
    view.dispatch({
      changes: [...(line ? [{ from: at, insert: line }] : []), { from, to, insert: inserted }],
      selection: { anchor: from + line.length + inserted.length },
      userEvent: "input.complete",
    });
  };
}
