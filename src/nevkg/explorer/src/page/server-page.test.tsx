// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { beforeEach, expect, it, vi } from "vitest";
import { go } from "../state/route";
import { currentView, keepPage, ServerPage } from "./server-page";

const requests = vi.hoisted(() => ({ sent: [] as string[] }));
vi.mock("../api/requests", async (original) => ({
  ...(await original<typeof import("../api/requests")>()),
  sendForPage: (address: string) => {
    requests.sent.push(new URL(address).pathname);
    return Promise.resolve({ text: page("Other", '<a href="y">next</a><i data-part="nothing">no script</i>'), base: address });
  },
}));

function page(title: string, content: string): string {
  return `<html><head><title>${title} · site</title></head><body><main id="content"><div class="view story">${content}</div></main></body></html>`;
}

beforeEach(() => {
  requests.sent.length = 0;
});

it("shows the page that arrived, and then another one, with absolute links and empty places of parts", async () => {
  history.replaceState(null, "", "/stories/first");
  document.write(page("First", "<p>first</p>"));
  keepPage();
  document.body.innerHTML = "<div></div>";
  const root = document.body.firstElementChild as HTMLElement;
  await act(() => render(<ServerPage />, root));
  expect([root.textContent, document.title, currentView(), requests.sent]).toEqual(["first", "First · site", "story", []]);
  await act(() => go("/stories/x"));
  await act(() => Promise.resolve());
  expect(root.querySelector("a")?.href).toBe(new URL("/stories/y", location.href).href);
  expect([root.textContent, document.title]).toEqual(["next", "Other · site"]);
  await act(() => go("/stories/first"));
  expect(root.textContent).toBe("first");
  expect(requests.sent).toEqual(["/stories/x"]);
});
