import { render } from "preact";
import { readEmbedded } from "./api/requests";
import { App, preloadView } from "./app";
import { keepPage } from "./page/server-page";
import { followLinks } from "./state/route";
import "@fontsource-variable/source-sans-3/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/home.css";
import "./style/ontology.css";
import "./style/quality.css";
import "./style/story.css";
import "./style/print.css";
import "./thing/thing.css";

const root = document.getElementById("app");
if (root) void takeOver(root);

/** Renders the explorer in place of what the server wrote, as soon as it can show the same. */
async function takeOver(root: HTMLElement): Promise<void> {
  keepPage();
  readEmbedded();
  // Browsers resolve the relative address of the icon again when the address of the page changes.
  for (const icon of document.querySelectorAll<HTMLLinkElement>("link[rel=icon]")) icon.href = String(icon.href);
  followLinks();
  await preloadView().catch(() => undefined); // the view shows the error
  const { scrollX, scrollY } = window;
  root.replaceChildren();
  render(<App />, root);
  if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  else scrollTo(scrollX, scrollY);
}
