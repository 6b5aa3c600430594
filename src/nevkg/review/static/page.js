// What all parts of the page share: requests to the server, words in the reader's language, and elements.

export const languages = ["en", "zh"];
let words = {};
const asked = new URLSearchParams(location.search).get("lang") ?? navigator.language;
export let language = sessionStorage.getItem("language") ?? (asked.startsWith("zh") ? "zh" : "en");

/** Sets the words of all languages. */
export function setWords(all) {
  words = all;
  document.documentElement.lang = language;
}

/** Changes the language of the page. */
export function setLanguage(chosen) {
  language = chosen;
  sessionStorage.setItem("language", chosen);
  document.documentElement.lang = chosen;
}

/** Returns a text in the reader's language; {0} and so on stand for what follows. */
export function word(name, ...values) {
  const found = words[language][name];
  return typeof found === "string" ? found.replace(/\{(\d)\}/g, (_, number) => values[number]) : found;
}

/** Returns the text of the other language. */
export const otherLanguage = () => languages.find(each => each !== language);
export const nameOf = each => words[each].language;

/** Returns what is titled in the reader's language. */
export const title = titles => titles[language] ?? titles.en ?? "";

/** Returns an element. Children that are no elements become text, so that nothing in a row or a text is read as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter(child => child != null && child !== ""));
  return made;
}

export const find = id => document.getElementById(id);

/** Shows a message, which screen readers also read. */
export function say(text) {
  find("message").textContent = text;
}

/** A response of the server that is no success. */
export class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

async function read(response) {
  const found = await response.json();
  if (!response.ok) throw new Refusal(response.status, found.detail ?? response.statusText);
  return found;
}

/** Gets JSON from the server. */
export const get = async (name, parameters = {}) => read(await fetch(`${name}?${new URLSearchParams({ lang: language, ...parameters })}`));

/** Sends JSON to the server. */
export const post = async (name, body) =>
  read(await fetch(name, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));

/** Opens the dialog with a title and some content; resolves when it is closed. */
export function openDialog(heading, ...content) {
  const dialog = find("dialog");
  dialog.replaceChildren(element("h2", { id: "dialog-title" }, heading), ...content);
  if (!dialog.open) dialog.showModal();
  return new Promise(done => dialog.addEventListener("close", done, { once: true }));
}

export const closeDialog = () => find("dialog").close();
