// Shows what a site of files has in no file: the engine renders the page, as a server would.
// The address follows "#": page.html#/statement/…?lang=zh. What a form sends stands before it: page.html?q=…#/search.
import { save } from "../ui/download";
import { ask } from "./client";

const words = {
  en: {
    waiting: "Loading the data of the site, about {0} MB, from which your browser makes this page …",
    failed: "The page could not be made: ",
    nothing: "There is nothing at this address.",
    file: "The file is offered as a download.",
  },
  zh: {
    waiting: "正在加载本站数据（约 {0} MB），由浏览器生成此页面……",
    failed: "无法生成此页面：",
    nothing: "此地址没有内容。",
    file: "该文件可供下载。",
  },
} as const;
const MEGABYTES = 14;

async function show(): Promise<void> {
  const address = requested();
  const w = words[new URLSearchParams(address.split("?")[1]).get("lang") === "zh" ? "zh" : "en"];
  if (address === "") return say(w.nothing);
  const file = await fileOf(address);
  if (file) return location.replace(file);
  say(w.waiting.replace("{0}", String(MEGABYTES)));
  try {
    const [path, anchor] = address.split("#");
    const response = await ask(`.${path}`, { headers: { Accept: "text/html, */*;q=0.5" } });
    const target = response.headers.get("Location");
    if (target) return location.replace(target);
    await present(response, w.file);
    if (anchor) document.getElementById(anchor)?.scrollIntoView();
  } catch (error) {
    say(w.failed + (error instanceof Error ? error.message : String(error)));
  }
}

/** The address on a server: what follows "#", or, where a host shows this page for what it lacks, that of the page. */
function requested(): string {
  const address = location.hash.replace(/^#/, "");
  if (!address.startsWith("/")) {
    const root = new URL(".", document.baseURI).pathname;
    const rest = location.pathname.startsWith(root) ? location.pathname.slice(root.length) : "page.html";
    return rest === "page.html" ? "" : `/${rest}${location.search}${location.hash}`;
  }
  const sent = location.search.slice(1);
  if (!sent) return address;
  const [before = "", anchor] = address.split("#");
  return `${before}${before.includes("?") ? "&" : "?"}${sent}${anchor ? `#${anchor}` : ""}`;
}

/** The file with the page, if the site has one: that is so for names without parameters. */
async function fileOf(address: string): Promise<string | undefined> {
  const { pathname, searchParams, hash } = new URL(address, "https://site");
  const lang = searchParams.get("lang");
  searchParams.delete("lang");
  if (searchParams.size || /^\/(?:api|sparql|search|statement|episode)\b/.test(pathname)) return undefined;
  const name = pathname === "/index.html" ? "/plain" : pathname;
  const file = /\.\w+$/.test(name) ? `.${name}` : `.${lang === "zh" ? "/zh" : ""}${name}.html`;
  const found = await fetch(file, { method: "HEAD" }).catch(() => undefined);
  return found?.ok ? file + hash : undefined;
}

async function present(response: Response, note: string): Promise<void> {
  const media = response.headers.get("Content-Type") ?? "";
  if (media.startsWith("text/html")) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    const styles = [...page.head.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
    document.head.append(...styles.filter((one) => !document.querySelector(`link[href="${one.getAttribute("href")}"]`)));
    document.body.replaceChildren(...page.body.childNodes);
    return;
  }
  const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  if (name) {
    save(name, media, await response.arrayBuffer());
    return say(note);
  }
  const text = document.createElement("pre");
  text.textContent = await response.text();
  document.body.replaceChildren(text);
}

function say(text: string): void {
  const line = document.createElement("p");
  line.role = "status";
  line.textContent = text;
  const main = document.createElement("main");
  main.append(line);
  document.body.replaceChildren(main);
}

// From page to page the engine goes on.
addEventListener("hashchange", () => {
  if (!location.hash.startsWith("#/")) return;
  scrollTo(0, 0);
  void show();
});
addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const [, path] = (form.getAttribute("action") ?? "").split("#");
  if (!path) return;
  event.preventDefault();
  const sent = [...new FormData(form)].filter(([, value]) => value !== "").map(([name, value]) => [name, String(value)]);
  location.href = `page.html#${path}?${new URLSearchParams(sent)}`;
});
void show();
