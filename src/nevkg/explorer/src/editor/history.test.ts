// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forget, past, remember } from "./history";

beforeEach(() => {
  vi.restoreAllMocks();
  forget();
});
afterEach(() => vi.restoreAllMocks());

describe("history", () => {
  it("has the last first, each text once, and thirty at the most", () => {
    for (let count = 0; count < 40; count += 1) remember(`q${count}`);
    remember("q20");
    expect(past()).toHaveLength(30);
    expect(past()[0]?.query).toBe("q20");
    expect(past().filter((one) => one.query === "q20")).toHaveLength(1);
  });
  it("is cleared", () => {
    remember("q");
    forget();
    expect(past()).toEqual([]);
  });
  it("holds for the page where storage is forbidden", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("forbidden");
    });
    remember("q");
    expect(past().map((one) => one.query)).toEqual(["q"]);
  });
  it("survives what others have put there", () => {
    localStorage.setItem("nevkg-queries", '[1, null, {"query": 2}]');
    expect(past()).toEqual([]);
  });
});
