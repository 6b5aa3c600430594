// The form for the cells of a row: drop-down lists from the vocabularies, completion from the registry.
import { closeDialog, element, get, openDialog, title, word } from "./page.js";

const LONG = new Set(["quote", "note", "paraphrase"]);
const WAIT = 150; // milliseconds after the last key

/** Asks for the cells of a row.
 *
 * @param heading the title of the dialog
 * @param name the table
 * @param columns the columns of the table
 * @param cells the cells, which the form changes
 * @param extra elements above the cells
 * @param save called with the cells; returns an error message, or nothing if they are saved
 */
export async function askForCells(heading, name, columns, cells, extra, save) {
  const fields = element("div", { class: "fields" });
  const message = element("p", { role: "alert" });
  const controls = new Map();
  let choices = {};

  const parameters = () => ({ table: name, ...Object.fromEntries(Object.entries(cells).map(([key, value]) => [`cell.${key}`, value])) });

  async function loadChoices() {
    choices = await get("choices", parameters()).catch(() => ({}));
    for (const column of columns) replace(column);
  }

  function control(column) {
    const { codes = [], completes = false } = choices[column.name] ?? {};
    const value = cells[column.name] ?? "";
    const id = `cell-${column.name}`;
    const set = event => {
      cells[column.name] = event.target.value;
    };
    if (codes.length) {
      const known = codes.some(code => code.value === value) || !value ? codes : [{ value, label: "" }, ...codes];
      const options = known.map(code => {
        const label = code.label && code.label !== code.value ? `${code.value} – ${code.label}` : code.value;
        return element("option", { value: code.value, selected: code.value === value }, label);
      });
      const onChange = async event => {
        set(event);
        await loadChoices();
      };
      return [element("select", { id, change: onChange }, element("option", { value: "", selected: !value }, word("choose")), options)];
    }
    if (LONG.has(column.name)) {
      const area = element("textarea", { id, rows: "3", dir: "auto", input: set });
      area.value = value;
      return [area];
    }
    const list = element("datalist", { id: `${id}-list` });
    let timer = 0;
    const complete = event => {
      set(event);
      clearTimeout(timer);
      if (completes && event.target.value) timer = setTimeout(() => fill(list, column.name, event.target.value), WAIT);
    };
    const input = element("input", { id, dir: "auto", autocomplete: "off", list: completes ? list.id : null, input: complete });
    input.value = value;
    return [input, list];
  }

  async function fill(list, column, text) {
    const found = await get("completions", { ...parameters(), column, text }).catch(() => []);
    list.replaceChildren(...found.map(each => element("option", { value: each.value, label: each.label })));
  }

  function replace(column) {
    const holder = controls.get(column.name);
    const had = holder.contains(document.activeElement);
    const old = holder.firstChild?.tagName;
    const made = control(column);
    // A control that stays the same keeps its focus and its cursor.
    if (had && old === made[0].tagName && old !== "SELECT") return;
    holder.replaceChildren(...made);
    holder.append(element("span", { class: "quiet", id: `cell-${column.name}-about` }, column.description));
    made[0].setAttribute("aria-describedby", `cell-${column.name}-about`);
    if (column.required) made[0].setAttribute("aria-required", "true");
    if (had) made[0].focus();
  }

  for (const column of columns) {
    const holder = element("div");
    controls.set(column.name, holder);
    fields.append(element("label", { for: `cell-${column.name}` }, `${title(column.titles) || column.name}${column.required ? " *" : ""}`), holder);
    replace(column);
  }

  async function submit(event) {
    event.preventDefault();
    const error = await save(cells);
    if (error) message.textContent = error;
    else closeDialog();
  }
  const buttons = element(
    "div",
    { class: "buttons" },
    element("button", { type: "submit", class: "primary" }, word("save"), " ", element("kbd", {}, "Ctrl+Enter")),
    element("button", { type: "button", click: closeDialog }, word("cancel")),
  );
  const onKey = event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  };
  const form = element("form", { submit, keydown: onKey }, extra, fields, message, buttons);
  const closed = openDialog(heading, form);
  form.querySelector("select, input, textarea")?.focus();
  loadChoices();
  await closed;
}
