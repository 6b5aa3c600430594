// The text of a source: quotes of rows are highlighted in place, and words are selected with the mouse or the keyboard.
import { find, language } from "./page.js";

const states = ["open", "accepted", "rejected", "current"];
let node = null;
let segments = null;
// Where a selection made with the keyboard begins and where it goes on: positions of words or sentences.
let anchor = null;
let focus = null;

/** Shows a text. */
export function showText(text, tag) {
  const words = find("words");
  words.textContent = text;
  words.lang = tag || "";
  words.scrollTop = 0;
  node = words.firstChild;
  segments = anchor = focus = null;
}

function rangeOf(start, end) {
  const range = new Range();
  range.setStart(node, Math.min(start, node.length));
  range.setEnd(node, Math.min(end, node.length));
  return range;
}

/** Highlights the quotes of rows by their state. */
export function highlight(rows, current) {
  if (!("highlights" in CSS)) return;
  for (const state of states) {
    const own = rows.filter(row => row.start != null && (row === current ? "current" : row.state) === state);
    const made = new Highlight(...(node ? own.map(row => rangeOf(row.start, row.end)) : []));
    made.priority = states.indexOf(state);
    CSS.highlights.set(state, made);
  }
}

/** Scrolls to a part of the text, unless all of it is visible. */
export function scrollTo(start, end) {
  if (!node) return;
  const words = find("words");
  const view = words.getBoundingClientRect();
  const place = rangeOf(start, end).getBoundingClientRect();
  if (place.top < view.top || place.bottom > view.bottom) words.scrollTop += place.top - view.top - view.height / 3;
}

/** Returns the selected words of the text; empty if none are. */
export function selectedWords() {
  const selection = getSelection();
  return selection.rangeCount && find("words").contains(selection.getRangeAt(0).commonAncestorContainer) ? selection.toString().trim() : "";
}

/** Returns the position in the text at a point of the window; -1 if there is none. */
export function positionAt(x, y) {
  const place = document.caretPositionFromPoint?.(x, y);
  return place?.offsetNode === node ? place.offset : -1;
}

function split(granularity) {
  const tag = find("words").lang || language;
  const segmenter = new Intl.Segmenter(Intl.Segmenter.supportedLocalesOf([tag].filter(each => /^[\w-]+$/.test(each)))[0] ?? "en", { granularity });
  const found = [];
  for (const part of segmenter.segment(node.data)) {
    if (part.isWordLike === false || !part.segment.trim()) continue;
    found.push([part.index, part.index + part.segment.trimEnd().length]);
  }
  return found;
}

function isRightToLeft() {
  return find("words").matches(":dir(rtl)");
}

/** Begins a selection with the keyboard at a position. */
export function startAt(position) {
  find("words").focus();
  if (!node) return;
  segments ??= { word: split("word"), sentence: split("sentence") };
  anchor = focus = segments.word.find(([, end]) => end > position) ?? segments.word.at(-1) ?? null;
  select();
}

function select() {
  if (!anchor) return;
  const start = Math.min(anchor[0], focus[0]);
  const end = Math.max(anchor[1], focus[1]);
  getSelection().setBaseAndExtent(node, start, node, end);
  scrollTo(...focus);
}

/** Moves or extends the selection by a word (left, right) or a sentence (up, down); returns whether the key does that. */
export function move(event) {
  const sideways = { ArrowLeft: isRightToLeft() ? 1 : -1, ArrowRight: isRightToLeft() ? -1 : 1 }[event.key];
  const step = sideways ?? { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey) return false;
  if (!focus) {
    startAt(0);
    return true;
  }
  const parts = segments[sideways ? "word" : "sentence"];
  focus = (step > 0 ? parts.find(([start]) => start >= focus[1]) : parts.findLast(([, end]) => end <= focus[0])) ?? focus;
  if (!event.shiftKey) anchor = focus;
  select();
  return true;
}
