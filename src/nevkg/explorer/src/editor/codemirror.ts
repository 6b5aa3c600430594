// The editor of CodeMirror for SPARQL, in a shadow root: there its styles are sheets made by script, which the server's
// Content-Security-Policy lets stand, and not elements, which it forbids.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import type { source } from "./completion";

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: tags.variableName, color: "var(--inferred-ink)" },
  { tag: [tags.string, tags.integer, tags.float, tags.bool], color: "var(--current-ink)" },
  { tag: [tags.namespace, tags.url, tags.typeName], color: "var(--disputed-ink)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
]);

const looks = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "0.9rem", maxHeight: "max(46vh, 14rem)", borderRadius: "0.3rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--code)", lineHeight: "1.55" },
  ".cm-content, .cm-gutter": { minHeight: "11rem" }, // so that all of it can be clicked, and the gutter reaches down
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

/** Marks a change that comes from outside, such as an example that is put in. */
const outside = Annotation.define<boolean>();

export interface Phrases {
  readonly label: string;
  readonly hint: string; // the id of an element outside cannot describe what stands in a shadow root: a text can
}

export interface Editing {
  readonly view: EditorView;
  readonly write: (text: string) => void;
  readonly mark: (problem: Problem | null) => void;
  readonly name: (phrases: Phrases) => void;
}

export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

interface Wiring {
  readonly text: string;
  readonly phrases: Phrases;
  readonly complete: ReturnType<typeof source>;
  readonly changed: (text: string) => void;
  readonly run: () => void;
}

export function open(host: HTMLElement, { text, phrases, complete, changed, run }: Wiring): Editing {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const naming = new Compartment();
  const told = ({ label, hint }: Phrases) => EditorView.contentAttributes.of({ "aria-label": `${label}. ${hint}`, spellcheck: "false" });
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
    Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => ran(run) }])),
    // No binding of Tab: it leads on to what follows the editor.
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.lineWrapping,
    EditorView.domEventHandlers({ beforeinput: (event, view) => replaced(event, view) }),
    EditorState.tabSize.of(2),
    looks,
    naming.of(told(phrases)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((one) => one.annotation(outside))) changed(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ doc: text, extensions, root, parent: root });
  return {
    view,
    write: (wanted) => {
      if (wanted === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: wanted }, annotations: outside.of(true) });
    },
    mark: (problem) => view.dispatch(setDiagnostics(view.state, problem ? [at(view.state, problem)] : [])),
    name: (wanted) => view.dispatch({ effects: naming.reconfigure(told(wanted)) }),
  };
}

/** Typing over a selection: Chromium would keep its style as an attribute, which the policy of the server forbids. */
function replaced(event: InputEvent, view: EditorView): boolean {
  if (event.inputType !== "insertText" || !event.data || view.composing || view.state.selection.main.empty) return false;
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

function ran(run: () => void): true {
  run();
  return true;
}

/** Where a problem stands: from its column to the end of the word, or all of the line where the column is past it. */
function at(state: EditorState, { line, column, message }: Problem): Diagnostic {
  const found = state.doc.line(Math.min(Math.max(1, line), state.doc.lines));
  // The server counts characters as Unicode does; the editor counts UTF-16.
  const before = [...found.text].slice(0, Math.max(0, column - 1)).join("").length;
  const start = Math.min(found.from + before, found.to);
  const end = state.wordAt(start)?.to ?? Math.min(start + 1, found.to);
  return { from: end > start ? start : found.from, to: Math.max(end, found.to === start ? found.to : end), severity: "error", message };
}
