// A CodeMirror editor for SPARQL in a shadow root. There CodeMirror uses constructed style sheets, which the server's
// Content-Security-Policy allows, instead of style elements, which it forbids.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useOntology, useOtherOntology } from "../state/dataset";
import { useLanguage, useWords } from "../state/language";
import { completionSource, type Vocabulary } from "./completion";
import { words } from "./words";

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--inferred-ink)" },
  { tag: [tags.string, tags.integer, tags.float, tags.bool], color: "var(--current-ink)" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "var(--disputed-ink)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "0.9rem", maxHeight: "max(46vh, 14rem)", borderRadius: "0.3rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--code)", lineHeight: "1.55" },
  ".cm-content, .cm-gutter": { minHeight: "11rem" }, // the whole area can be clicked, and the gutter fills it
  ".cm-content": { padding: "0.7rem 0", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--quiet)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--link-ground) 35%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--link-ground)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--focus) 30%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--link-ground)", outline: "1px solid var(--link)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--retracted-ground)" },
  ".cm-tooltip": {
    backgroundColor: "var(--card)",
    color: "var(--ink)",
    border: "1px solid var(--edge)",
    borderRadius: "0.3rem",
    boxShadow: "var(--shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--code)", maxHeight: "16rem", maxWidth: "min(44rem, 92vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.25em 0.6em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--link-ground)", color: "var(--ink)" },
  ".cm-completionDetail": { color: "var(--quiet)", fontFamily: "var(--text)", fontStyle: "normal", marginLeft: "1em" },
  ".cm-completionInfo": { padding: "0.5em 0.8em", maxWidth: "24rem", fontFamily: "var(--text)", lineHeight: "1.4" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--retracted-ink)" },
  ".cm-diagnostic": { fontFamily: "var(--text)", padding: "0.4em 0.8em" },
});

/** Marks a change by the program, such as inserting an example. */
const external = Annotation.define<boolean>();

interface Phrases {
  readonly label: string;
  readonly hint: string; // a text, since aria-describedby cannot refer to an element outside the shadow root
}

interface CodeEditor {
  readonly view: EditorView;
  readonly setText: (text: string) => void;
  readonly setProblem: (problem: Problem | null) => void;
  readonly setPhrases: (phrases: Phrases) => void;
}

export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Options {
  readonly text: string;
  readonly phrases: Phrases;
  readonly complete: ReturnType<typeof completionSource>;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** Creates an editor in the shadow root of an element. */
function createEditor(host: HTMLElement, { text, phrases, complete, onChange, onRun }: Options): CodeEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const labelCompartment = new Compartment();
  const labelAttributes = ({ label, hint }: Phrases) =>
    EditorView.contentAttributes.of({ "aria-label": `${label}. ${hint}`, spellcheck: "false" });
  const run = () => {
    onRun();
    return true;
  };
  const extensions = [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    lintGutter(),
    sparql(),
    syntaxHighlighting(colors),
    autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 }),
    Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
    // Tab is not bound, so that it moves the focus to the next element.
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.lineWrapping,
    EditorView.domEventHandlers({ beforeinput: replaceSelection }),
    EditorState.tabSize.of(2),
    theme,
    labelCompartment.of(labelAttributes(phrases)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(external)))
        onChange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ doc: text, extensions, root, parent: root });
  return {
    view,
    setText: (next) => {
      if (next === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, annotations: external.of(true) });
    },
    setProblem: (problem) => view.dispatch(setDiagnostics(view.state, problem ? [diagnosticOf(view.state, problem)] : [])),
    setPhrases: (next) => view.dispatch({ effects: labelCompartment.reconfigure(labelAttributes(next)) }),
  };
}

/** Replaces the selection by typed text. Chromium would insert a style attribute, which the Content-Security-Policy forbids. */
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/** Marks a problem from its column to the end of the word, or the whole line if the column is past its end. */
function diagnosticOf(state: EditorState, { line, column, message }: Problem): Diagnostic {
  const docLine = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  // The server counts code points; the editor counts UTF-16 code units.
  const before = [...docLine.text].slice(0, Math.max(0, column - 1)).join("").length;
  const start = Math.min(docLine.from + before, docLine.to);
  const end = state.wordAt(start)?.to ?? Math.min(start + 1, docLine.to);
  return {
    from: end > start ? start : docLine.from,
    to: Math.max(end, docLine.to === start ? docLine.to : end),
    severity: "error",
    message,
  };
}

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
  const own = useOntology().data;
  const other = useOtherOntology();
  const handlers = useRef({ onChange, onRun });
  handlers.current = { onChange, onRun };
  useEffect(() => {
    if (own) vocabulary.current = { own, other, lang };
  }, [own, other, lang]);
  // Before it is painted, since it moves what is below it.
  useLayoutEffect(() => {
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
