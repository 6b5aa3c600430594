import { isSite } from "../api/site";
import type { Language, Words } from "../api/types";
import { currentRoute, LANGUAGES, useRoute } from "./route";

/** The language in which the server wrote the page, which is that of the browser if the address has none. */
const PAGE_LANGUAGE =
  typeof document !== "undefined" && !isSite && document.documentElement.dataset.root ? document.documentElement.lang : null;

export function otherLanguage(lang: Language): Language {
  return lang === "en" ? "zh" : "en";
}

function choose(param: string | null): Language {
  const preferred = [param, PAGE_LANGUAGE, ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return LANGUAGES.find((lang) => lang === preferred.find((tag) => LANGUAGES.includes(tag as Language))) ?? "en";
}

/** Returns the language of the address, or of the browser if the address has none. */
export function useLanguage(): Language {
  return choose(useRoute().params.get("lang"));
}

export function language(): Language {
  return choose(currentRoute().params.get("lang"));
}

/** Returns the texts of a view in the language of the page. */
export function useWords<T>(words: Readonly<Record<Language, T>>): T {
  return words[useLanguage()];
}

/** Returns a text of the data in a language, or in English if it has no text in that language. */
export function localize(words: Partial<Words> | undefined, lang: Language): string {
  return words?.[lang] ?? words?.en ?? "";
}

/** Replaces {0}, {1} … in a text by values. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ""));
}

export function number(value: number, lang: Language): string {
  return value.toLocaleString(lang === "zh" ? "zh-CN" : "en");
}
