// Catalogues of the texts of a view in both languages, where a missing text is a type error; and the texts that several views have.
import type { Language } from "../api/types";

/** Texts by name: each is in English and in Chinese, the same in both languages, or a group of texts. */
interface Texts {
  readonly [name: string]: readonly [english: string, chinese: string] | string | Texts;
}

type InOneLanguage<T> = {
  readonly [Name in keyof T]: T[Name] extends string | readonly [string, string] ? string : InOneLanguage<T[Name]>;
};

/** Returns the texts of each language by their names. */
export function catalogue<T extends Texts>(texts: T): Readonly<Record<Language, InOneLanguage<T>>> {
  return { en: inOneLanguage(texts, 0), zh: inOneLanguage(texts, 1) };
}

function inOneLanguage<T extends Texts>(texts: T, index: 0 | 1): InOneLanguage<T> {
  const entries = Object.entries(texts).map(([name, text]) => {
    if (typeof text === "string") return [name, text];
    return [name, Array.isArray(text) ? text[index] : inOneLanguage(text as Texts, index)];
  });
  return Object.fromEntries(entries);
}

/** Texts that several views have. */
export const shared = {
  evidence: ["Evidence", "证据"],
  close: ["Close", "关闭"],
  yes: ["yes", "是"],
  no: ["no", "否"],
  all: ["all", "全部"],
  unstated: ["not stated", "未说明"],
  since: ["since {0}", "始于 {0}"],
  until: ["until {0}", "至 {0} 止"],
  witness: ["1 independent source", "1 个独立来源"],
  witnesses: ["{0} independent sources", "{0} 个独立来源"],
  row: ["1 row", "1 行"],
  rows: ["{0} rows", "{0} 行"],
  disputed: ["disputed", "存在争议"],
  inferred: ["inferred", "推断"],
  detailsPage: ["Details page", "详情页"],
  showInGraph: ["Show in graph", "在关系图中查看"],
  pageOf: ["Page of {0}", "{0}的页面"],
  groupBy: ["Group by", "分组"],
  zoomIn: ["Zoom in", "放大"],
  zoomOut: ["Zoom out", "缩小"],
  filterList: ["Filter the list", "筛选列表"],
  or: [" or ", "或"],
  cancel: ["Cancel", "取消"],
  allDates: ["All dates", "全部时间"],
  comma: [", ", "、"],
  colon: [": ", "："],
  asOfDay: ["as of {0}", "截至 {0}"],
  sentenceGap: [" ", ""],
  changes: ["Changes between the two days", "两个日期之间的变化"],
} as const;
