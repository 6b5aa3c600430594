import { useEffect, useRef } from "preact/hooks";
import type { Language, Ontology } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage, useWords } from "../state/language";
import { type Editing, open, type Problem } from "./codemirror";
import { source, type Vocabulary } from "./completion";
import { words } from "./words";

const OTHER: Readonly<Record<Language, Language>> = { en: "zh", zh: "en" };

interface Props {
  readonly given: { readonly text: string }; // put in from outside, such as an example; what is typed is not given back
  readonly problem: Problem | null;
  readonly change: (text: string) => void;
  readonly run: () => void;
}

/** The field in which a query is written. */
export function Code({ given, problem, change, run }: Props) {
  const w = useWords(words);
  const language = useLanguage();
  const host = useRef<HTMLDivElement>(null);
  const editing = useRef<Editing | null>(null);
  const vocabulary = useRef<Vocabulary | undefined>(undefined);
  const own = useGet<Ontology>("api/ontology", { lang: language });
  const other = useGet<Ontology>("api/ontology", { lang: OTHER[language] });
  const now = useRef({ change, run });
  now.current = { change, run };
  useEffect(() => {
    if (own.state === "there") vocabulary.current = { own: own.data, other: other.state === "there" ? other.data : undefined, language };
  }, [own, other, language]);
  useEffect(() => {
    if (!host.current) return;
    const made = open(host.current, {
      text: given.text,
      phrases: { label: w.label, hint: w.hint },
      complete: source(() => vocabulary.current),
      changed: (written) => now.current.change(written),
      run: () => now.current.run(),
    });
    editing.current = made;
    return () => made.view.destroy();
  }, []);
  useEffect(() => editing.current?.write(given.text), [given]);
  useEffect(() => editing.current?.mark(problem), [problem]);
  useEffect(() => editing.current?.name({ label: w.label, hint: w.hint }), [w]);
  return <div class="code" ref={host} />;
}
