// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addToHistory, clearHistory, readHistory } from "./history";

beforeEach(() => {
  vi.restoreAllMocks();
  clearHistory();
});
afterEach(() => vi.restoreAllMocks());

describe("history", () => {
  it("lists the latest first, each text once, and at most thirty", () => {
    for (let count = 0; count < 40; count += 1) addToHistory(`q${count}`);
    addToHistory("q20");
    expect(readHistory()).toHaveLength(30);
    expect(readHistory()[0]?.query).toBe("q20");
    expect(readHistory().filter(({ query }) => query === "q20")).toHaveLength(1);
  });
  it("is cleared", () => {
    addToHistory("q");
    clearHistory();
    expect(readHistory()).toEqual([]);
  });
  it("is kept in memory if storage is forbidden", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("forbidden");
    });
    addToHistory("q");
    expect(readHistory().map(({ query }) => query)).toEqual(["q"]);
  });
  it("ignores invalid stored values", () => {
    localStorage.setItem("nevkg-queries", '[1, null, {"query": 2}]');
    expect(readHistory()).toEqual([]);
  });
});
