// Shows a page that a static site has no file for: the engine renders it as the server would.
// The address of the page is after "#": page.html#/statement/…?lang=zh. The fields of a form are before it: page.html?q=…#/search.
import { catalogue } from "../ui/catalogue";
import "@fontsource-variable/source-sans-3/wght.css";
import "@fontsource-variable/source-serif-4/wght.css";
import "../style/tokens.css";
import "../style/base.css";
import "../style/parts.css";
import { save } from "../ui/download";
import { fetchFromEngine } from "./client";

const words = catalogue({
  waiting: [
    "Loading the data of the site (about {0} MB), from which your browser creates this page …",
    "正在加载本站数据（约 {0} MB），由浏览器生成此页面……",
  ],
  failed: ["The page could not be created: ", "无法生成此页面："],
  nothing: ["There is nothing at this address.", "此地址没有内容。"],
  file: ["The file has been downloaded.", "文件已下载。"],
});
const MEGABYTES = 14; // of the engine and the data

async function show(): Promise<void> {
  const address = requestedAddress();
  const w = words[new URLSearchParams(address.split("?")[1]).get("lang") === "zh" ? "zh" : "en"];
  if (address === "") return showMessage(w.nothing);
  const file = await findFile(address);
  if (file) return location.replace(file);
  showMessage(w.waiting.replace("{0}", String(MEGABYTES)));
  try {
    const [path, anchor] = address.split("#");
    const response = await fetchFromEngine(`.${path}`, { headers: { Accept: "text/html, */*;q=0.5" } });
    const target = response.headers.get("Location");
    if (target) return location.replace(target);
    await showResponse(response, w.file);
    if (anchor) document.getElementById(anchor)?.scrollIntoView();
  } catch (error) {
    showMessage(w.failed + (error instanceof Error ? error.message : String(error)));
  }
}

/** Returns the address on a server: the part after "#", or the address of the page if a host shows this page for missing files. */
function requestedAddress(): string {
  const address = location.hash.replace(/^#/, "");
  if (!address.startsWith("/")) {
    const root = new URL(".", document.baseURI).pathname;
    const rest = location.pathname.startsWith(root) ? location.pathname.slice(root.length) : "page.html";
    return rest === "page.html" ? "" : `/${rest}${location.search}${location.hash}`;
  }
  const fields = location.search.slice(1);
  if (!fields) return address;
  const [path = "", anchor] = address.split("#");
  return `${path}${path.includes("?") ? "&" : "?"}${fields}${anchor ? `#${anchor}` : ""}`;
}

/** Returns the file of a page if the site has one, which is only possible without parameters. */
async function findFile(address: string): Promise<string | undefined> {
  const { pathname, searchParams, hash } = new URL(address, "https://site");
  const lang = searchParams.get("lang");
  searchParams.delete("lang");
  if (searchParams.size || /^\/(?:api|sparql|search|statement|episode)\b/.test(pathname)) return undefined;
  const name = pathname === "/" ? "/index" : pathname;
  const file = /\.\w+$/.test(name) ? `.${name}` : `.${lang === "zh" ? "/zh" : ""}${name}.html`;
  const response = await fetch(file, { method: "HEAD" }).catch(() => undefined);
  return response?.ok ? file + hash : undefined;
}

async function showResponse(response: Response, note: string): Promise<void> {
  const media = response.headers.get("Content-Type") ?? "";
  if (media.startsWith("text/html")) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    const styles = [...page.head.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
    document.head.append(...styles.filter((link) => !document.querySelector(`link[href="${link.getAttribute("href")}"]`)));
    document.body.replaceChildren(...page.body.childNodes);
    return;
  }
  const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  if (name) {
    save(name, media, await response.arrayBuffer());
    return showMessage(note);
  }
  const text = document.createElement("pre");
  text.textContent = await response.text();
  document.body.replaceChildren(text);
}

function showMessage(text: string): void {
  const line = document.createElement("p");
  line.role = "status";
  line.textContent = text;
  const main = document.createElement("main");
  main.append(line);
  document.body.replaceChildren(main);
}

// Links and forms change the address after "#", so the engine keeps running.
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
  const fields = [...new FormData(form)].filter(([, value]) => value !== "").map(([name, value]) => [name, String(value)]);
  location.href = `page.html#${path}?${new URLSearchParams(fields)}`;
});
void show();
