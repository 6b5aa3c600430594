import { expect, it, vi } from "vitest";
import { fetchFromSite } from "./site";

vi.mock("./client", () => ({ start: async () => undefined, fetchFromEngine: async () => new Response("{}") }));

it("answers without a network, when the site cannot be cached", async () => {
  vi.useFakeTimers();
  const failure = new TypeError("Failed to fetch");
  vi.stubGlobal("fetch", () => Promise.reject(failure));
  vi.stubGlobal("document", { readyState: "complete" });
  vi.stubGlobal("navigator", { serviceWorker: {} });
  const report = vi.spyOn(console, "error").mockReturnValue();
  expect((await fetchFromSite("api/dataset", {})).ok).toBe(true);
  await vi.runAllTimersAsync();
  expect(report).toHaveBeenCalledWith(failure); // and the rejection is handled, or Vitest fails
});
