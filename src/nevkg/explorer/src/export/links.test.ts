import { expect, it, vi } from "vitest";
import { save } from "../ui/download";
import { saveFromEngine } from "./links";

const headers: Record<string, string> = { "Content-Type": "application/json" };
vi.mock("../api/site", () => ({ isSite: true, ROOT: "http://localhost/" }));
vi.mock("../api/requests", () => ({ send: async () => new Response("{}", { headers }) }));
vi.mock("../ui/download", () => ({ save: vi.fn() }));

it("names a download of a site after its response, or else as the link does", async () => {
  const click = new Event("click");
  await saveFromEngine(click, "api/questions/q/answer?format=json", "nevkg-q-2026-11-27.json");
  expect(save).toHaveBeenLastCalledWith("nevkg-q-2026-11-27.json", "application/json", expect.anything());
  headers["Content-Disposition"] = 'attachment; filename="nevkg-q-2026-11-27.bib"';
  await saveFromEngine(click, "api/questions/q/answer?format=bibtex", "nevkg-q-2026-11-27.bibtex");
  expect(save).toHaveBeenLastCalledWith("nevkg-q-2026-11-27.bib", "application/json", expect.anything());
});
