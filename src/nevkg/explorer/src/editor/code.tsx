import { useEffect, useRef } from "preact/hooks";
import type { Language, Ontology } from "../api/types";
import { useGet } from "../api/use";
import { useLanguage, useWords } from "../state/language";
import { type CodeEditor, createEditor, type Problem } from "./codemirror";
import { completionSource, type Vocabulary } from "./completion";
import { words } from "./words";

const OTHER: Readonly<Record<Language, Language>> = { en: "zh", zh: "en" };

interface Props {
  readonly initial: { readonly text: string }; // a new object replaces the text, for example by an example query
  readonly problem: Problem | null;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** The editor for a query. */
export function Code({ initial, problem, onChange, onRun }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const vocabulary = useRef<Vocabulary | undefined>(undefined);
  const own = useGet<Ontology>("api/ontology", { lang });
  const other = useGet<Ontology>("api/ontology", { lang: OTHER[lang] });
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  useEffect(() => {
    if (own.state === "loaded") vocabulary.current = { own: own.data, other: other.state === "loaded" ? other.data : undefined, lang };
  }, [own, other, lang]);
  useEffect(() => {
    if (!host.current) return;
    const created = createEditor(host.current, {
      text: initial.text,
      phrases: { label: w.label, hint: w.hint },
      complete: completionSource(() => vocabulary.current),
      onChange: (text) => handlers.current.onChange(text),
      onRun: () => handlers.current.onRun(),
    });
    editor.current = created;
    return () => created.view.destroy();
  }, []);
  useEffect(() => editor.current?.setText(initial.text), [initial]);
  useEffect(() => editor.current?.setProblem(problem), [problem]);
  useEffect(() => editor.current?.setPhrases({ label: w.label, hint: w.hint }), [w]);
  return <div class="code" ref={host} />;
}
