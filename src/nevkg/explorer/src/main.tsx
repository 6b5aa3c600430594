import { render } from "preact";
import { readEmbedded } from "./api/requests";
import { App, preloadView } from "./app";
import { followLinks } from "./state/route";
import { keepPage } from "./ui/server-part";
import "@fontsource-variable/source-sans-3/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/print.css";
import "./story/story.css";
import "./thing/thing.css";

const root = document.getElementById("app");
if (root) void takeOver(root);

/** Renders the explorer in place of what the server wrote, as soon as it can show the same. */
async function takeOver(root: HTMLElement): Promise<void> {
  readEmbedded();
  // Browsers resolve the relative address of the icon again when the address of the page changes.
  for (const icon of document.querySelectorAll<HTMLLinkElement>("link[rel=icon]")) icon.href = String(icon.href);
  followLinks();
  await preloadView().catch(() => undefined); // the view shows the error
  const { scrollX, scrollY } = window;
  keepPage();
  root.replaceChildren();
  render(<App />, root);
  if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  else scrollTo(scrollX, scrollY);
}
