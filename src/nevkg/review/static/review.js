// The review page: lists the rows in the order of the text, takes the steps of the reviewer, and finishes with the import.
import { askForCells } from "./form.js";
import { Refusal, closeDialog, element, find, get, language, nameOf, openDialog, otherLanguage, post, say, setLanguage, setWords, title, word } from "./page.js";
import { highlight, move, positionAt, scrollTo, selectedWords, showText, startAt } from "./text.js";

const SOURCES = "sources";
const HIDDEN = new Set(["source_id", "source", "quote"]);
let format = null;
let state = { rows: [], texts: {} };
let current = ""; // ID of the row
let shown = null; // name of the source whose text is shown
let checks = {};
const texts = new Map();
const known = new Map();

const row = () => state.rows.find(each => each.id === current);
const columnsOf = name => format.tables[name].columns;
const sourceOf = each => state.rows.find(other => other.table === SOURCES && other.source === each.source);

function changeState(next, id) {
  state = next;
  current = state.rows.some(each => each.id === id) ? id : (state.rows.find(each => each.state === "open") ?? state.rows[0])?.id ?? "";
  render();
}

/** Takes a step; if the row has changed elsewhere, shows how it is now. Returns an error message, or nothing. */
async function step(name, body, done, choose = next => next.current) {
  try {
    const next = await post(name, body);
    changeState(next, choose(next));
    say(done);
    loadChecks();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 409) changeState(await get("state"), current);
    say(error.message);
    return error.message;
  }
}

function following(from, wanted) {
  const at = state.rows.findIndex(each => each.id === from);
  const later = [...state.rows.slice(at + 1), ...state.rows.slice(0, at)];
  return (later.find(wanted) ?? row())?.id;
}

function decide(to, reason = "") {
  if (!row()) return;
  const next = to === "open" ? current : following(current, each => each.state === "open");
  return step("decide", { row: current, state: to, reason }, `${word("saved")}: ${word("states")[to]}`, () => next);
}

function go(by) {
  const at = state.rows.findIndex(each => each.id === current) + by;
  if (state.rows[at]) choose(state.rows[at].id);
}

function choose(id) {
  current = id;
  render();
}

function reject() {
  if (!row()) return;
  const reasons = word("reasons");
  const give = async reason => {
    closeDialog();
    await decide("rejected", reason);
  };
  const onKey = event => {
    const reason = reasons[Number(event.key) - 1];
    if (reason && event.target.tagName !== "INPUT") {
      event.preventDefault();
      give(reason);
    }
  };
  const other = element("input", { id: "other", autocomplete: "off" });
  const onSubmit = event => {
    event.preventDefault();
    if (other.value.trim()) give(other.value);
  };
  openDialog(
    word("why"),
    element(
      "form",
      { keydown: onKey, submit: onSubmit },
      knownOf(row()),
      element("div", { class: "reasons" }, reasons.map((reason, number) => element("button", { type: "button", click: () => give(reason) }, element("kbd", {}, String(number + 1)), " ", reason))),
      element("div", { class: "fields" }, element("label", { for: "other" }, word("other")), other),
      element("div", { class: "buttons" }, element("button", { type: "submit" }, word("reject")), element("button", { type: "button", click: closeDialog }, word("cancel"))),
    ),
  );
  find("dialog").querySelector(".reasons button").focus();
}

async function edit() {
  const each = row();
  if (!each) return;
  const heading = `${word("edit")}: ${title(format.tables[each.table].titles)}`;
  await askForCells(heading, each.table, columnsOf(each.table), { ...each.cells }, null, cells => step("edit", { row: each.id, cells }, word("saved")));
  focusRow();
}

async function add() {
  const quote = selectedWords();
  if (!quote) {
    say(word("select"));
    return;
  }
  const cells = { source_id: shown, source: shown, quote };
  const first = row() && row().table !== SOURCES ? row().table : Object.keys(format.tables).find(name => name !== SOURCES);
  let redraw = "";
  let chosen = first;
  do {
    chosen = redraw || chosen;
    redraw = "";
    const name = chosen;
    const names = Object.keys(format.tables).filter(each => each !== SOURCES);
    const change = event => {
      redraw = event.target.value;
      closeDialog();
    };
    const options = names.map(each => element("option", { value: each, selected: each === name }, title(format.tables[each].titles)));
    const tables = element("div", { class: "fields" }, element("label", { for: "table" }, word("table")), element("select", { id: "table", change }, options));
    const own = Object.fromEntries(Object.entries(cells).filter(([key]) => columnsOf(name).some(column => column.name === key)));
    await askForCells(word("new"), name, columnsOf(name), own, tables, given => step("add", { table: name, cells: given }, word("saved")));
  } while (redraw);
  focusRow();
}

const undo = () => step("undo", {}, word("undone"), next => next.current || current);

async function finish() {
  const report = element("pre", { tabindex: "0" }, word("wait"));
  const changes = element("div", { "aria-live": "polite" });
  const button = element("button", { type: "button", class: "primary", disabled: true, click: () => run() }, word("import"));
  const isComparing = () => changes.textContent.includes(word("comparing"));
  let version = "";
  const run = async () => {
    button.disabled = true;
    try {
      report.textContent = (await post("import", { version })).report;
      find("dialog-title").textContent = word("imported");
      button.remove();
      if (isComparing()) changes.replaceChildren();
      report.focus();
      known.clear();
    } catch (error) {
      report.textContent = error.message;
    }
  };
  openDialog(word("preview"), report, changes, element("div", { class: "buttons" }, button, element("button", { type: "button", click: closeDialog }, word("close"))));
  try {
    const preview = await get("preview");
    ({ version } = preview);
    report.textContent = preview.report;
    button.disabled = !preview.can;
    if (!preview.can) return;
    changes.replaceChildren(element("p", {}, word("comparing")));
    const found = await get("changes");
    if (!report.isConnected || !isComparing()) return;
    const list = lines => (lines.length ? element("ul", {}, lines.map(line => element("li", {}, line))) : element("p", {}, word("same answers")));
    changes.replaceChildren(element("h3", {}, word("facts")), list(found.facts), element("h3", {}, word("answers")), list(found.answers));
  } catch (error) {
    report.textContent = error.message;
  }
}

function help() {
  const keys = word("keys").map(([key, what]) => element("li", {}, element("kbd", {}, key), ` ${what}`));
  openDialog(word("help"), element("ul", {}, keys), element("div", { class: "buttons" }, element("button", { type: "button", click: closeDialog }, word("close"))));
}

function readText() {
  const each = row();
  startAt(each?.start ?? 0);
}

function focusRow() {
  document.querySelector("#list [aria-current]")?.focus();
}

function switchLanguage() {
  setLanguage(otherLanguage());
  known.clear();
  render();
}

const tools = [
  ["undo", "u", undo],
  ["new", "n", add],
  ["finish", "f", finish],
  ["help", "?", help],
];
const keys = { a: () => decide("accepted"), r: reject, e: edit, j: () => go(1), k: () => go(-1), ArrowDown: () => go(1), ArrowUp: () => go(-1), u: undo, n: add, t: readText, f: finish, "?": help };

/** Returns the key as on a Latin keyboard, whatever the layout and the input method are. */
function latinKey(event) {
  return /^[ -~]+$/.test(event.key) && event.key !== "Process" ? event.key : event.code.replace(/^Key/, "").toLowerCase();
}

function onKey(event) {
  if (find("dialog").open || event.altKey || event.ctrlKey || event.metaKey) return;
  const inText = event.target.id === "words";
  if (inText && move(event)) event.preventDefault();
  else if (inText && event.key === "Escape") focusRow();
  else if (keys[latinKey(event)] && !event.target.closest("input, select, textarea")) {
    event.preventDefault();
    keys[latinKey(event)]();
  }
}

function onTextClick(event) {
  if (selectedWords()) return;
  const at = positionAt(event.clientX, event.clientY);
  const here = state.rows.filter(each => each.start != null && each.source === shown && each.start <= at && at < each.end);
  if (here.length) choose((here.find(each => each.id !== current) ?? here[0]).id);
}

function summary(each, all) {
  const columns = columnsOf(each.table).filter(column => each.cells[column.name] && (all ? column.name !== "quote" : !HIDDEN.has(column.name)));
  const cell = column => element("div", {}, element("dt", {}, title(column.titles) || column.name), element("dd", { dir: "auto" }, each.cells[column.name]));
  return element("dl", { class: "cells" }, columns.map(cell));
}

function notes(each) {
  const found = checks[each.id] ?? {};
  const list = (some, name, kind) =>
    some?.length
      ? element("div", { class: `note ${kind}` }, element("h3", {}, word(name)), element("ul", {}, some.map(one => element("li", {}, one.column && one.column !== "quote" ? `${one.column}: ${one.message}` : one.message))))
      : null;
  return [list(found.errors, "errors", "error"), list(found.doubts, "doubts", "")];
}

function knownOf(each) {
  const box = element("div", { class: "known", "aria-live": "polite" });
  const found = known.get(each.id);
  if (found) {
    const groups = found.filter(group => group.statements.length);
    box.append(element("h3", {}, word("known")));
    if (!groups.length) box.append(element("p", { class: "quiet" }, word("nothing")));
    for (const group of groups) box.append(element("p", {}, `${group.subject} · ${group.property}`), element("ul", {}, group.statements.map(statement)));
  } else {
    box.append(element("p", { class: "quiet" }, word("wait")));
    loadKnown(each.id).then(() => box.isConnected && known.has(each.id) && box.replaceWith(knownOf(each)));
  }
  return box;
}

function statement(said) {
  const source = said.source ? [said.source.publisher, said.source.title, said.source.date].filter(Boolean).join(", ") : "";
  const parts = [said.when, said.value, ...said.qualifiers, said.text].filter(Boolean).join(" · ");
  const mark = [said.same && word("same"), said.retracted && word("retracted")].filter(Boolean).join(", ");
  const classes = [said.same && "same", said.retracted && "retracted"].filter(Boolean).join(" ");
  return element("li", { dir: "auto" }, element("span", { class: classes }, parts), mark && ` (${mark})`, source && element("span", { class: "quiet" }, ` — ${source}`));
}

async function loadKnown(id) {
  try {
    known.set(id, (await get("known", { row: id })).known);
  } catch (error) {
    say(error.message);
  }
}

async function loadChecks() {
  try {
    const found = await get("checks");
    if (JSON.stringify(found) === JSON.stringify(checks)) return;
    checks = found;
    renderRows();
  } catch (error) {
    say(error.message);
  }
}

function card(each) {
  const isCurrent = each.id === current;
  const head = element(
    "p",
    { class: "head" },
    element("strong", {}, title(format.tables[each.table].titles)),
    checks[each.id] && !isCurrent ? element("span", { class: "quiet" }, checks[each.id].errors.length ? word("errors") : word("doubts")) : null,
    each.confidence != null ? element("span", { class: "quiet" }, word("confidence", Math.round(100 * each.confidence))) : null,
    element("span", { class: `badge ${each.state}` }, word("states")[each.state]),
  );
  const parts = [head, summary(each, isCurrent)];
  if (isCurrent && each.reason) parts.push(element("p", { class: "quiet", dir: "auto" }, each.reason));
  if (each.because) parts.push(element("p", { class: "quiet" }, each.because));
  if (isCurrent) {
    if (each.table !== SOURCES && each.start == null) parts.push(element("p", { class: "note" }, word(each.cells.quote ? "missing" : "without")));
    const button = (name, key, act, main = false) => element("button", { type: "button", class: main ? "primary" : "", click: act }, word(name), " ", element("kbd", {}, key));
    const reopen = each.state !== "open" ? element("button", { type: "button", click: () => decide("open") }, word("reopen")) : null;
    parts.push(notes(each), knownOf(each), element("div", { class: "buttons" }, button("accept", "a", keys.a, true), button("reject", "r", reject), button("edit", "e", edit), reopen));
  }
  const select = () => each.id !== current && choose(each.id);
  return element("li", { class: each.state, id: `row-${each.id}`, tabindex: isCurrent ? "0" : "-1", "aria-current": isCurrent ? "true" : null, click: select }, parts.flat());
}

function renderRows() {
  const list = find("list");
  const had = list.contains(document.activeElement) || document.activeElement === document.body;
  list.replaceChildren(...(state.rows.length ? state.rows.map(card) : [element("li", {}, word("empty"))]));
  if (had && !find("dialog").open) focusRow();
  document.querySelector("#list [aria-current]")?.scrollIntoView({ block: "nearest" });
}

async function renderText() {
  const each = row();
  const name = each && each.source in state.texts ? each.source : (shown ?? Object.keys(state.texts)[0]);
  if (name != null && name !== shown) {
    if (!texts.has(name)) texts.set(name, (await get("text", { source: name })).text);
    shown = name;
    const source = state.rows.find(other => other.table === SOURCES && other.source === name)?.cells ?? {};
    showText(texts.get(name), source.language);
    const address = /^https?:/.test(source.url ?? "") ? element("a", { href: source.url, rel: "noreferrer noopener", target: "_blank" }, source.title || source.url) : (source.title ?? name);
    find("source").replaceChildren(address, ...[source.publisher, source.published].filter(Boolean).map(part => ` · ${part}`));
  }
  highlight(state.rows.filter(other => other.source === shown), row());
  const now = row();
  if (now?.start != null && now.source === shown) scrollTo(now.start, now.end);
}

function render() {
  const decided = state.rows.filter(each => each.state !== "open");
  document.title = word("title", format.folder);
  find("title").textContent = word("title", format.folder);
  find("progress").textContent = word("progress", decided.length, state.rows.length, decided.filter(each => each.state === "accepted").length);
  find("text-title").textContent = word("text");
  find("rows-title").textContent = word("rows");
  find("problems").replaceChildren(...state.problems.map(problem => element("li", {}, problem)));
  const buttons = tools.map(([name, key, act]) => element("button", { type: "button", disabled: name === "undo" && !state.canUndo, click: act }, word(name), " ", element("kbd", {}, key)));
  const other = otherLanguage();
  find("tools").replaceChildren(...buttons, element("button", { type: "button", lang: other, click: switchLanguage }, nameOf(other)));
  find("tools").setAttribute("aria-label", word("help"));
  renderRows();
  renderText();
}

format = await get("format");
setWords(format.words);
document.addEventListener("keydown", onKey);
find("words").addEventListener("click", onTextClick);
changeState(await get("state"), "");
loadChecks();
