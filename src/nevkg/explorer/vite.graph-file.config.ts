import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** Filled in by nevkg/network/files.py. */
const PLACEHOLDERS = { language: "{{language}}", title: "{{title}}", contents: "{{contents}}" };
const LICENCES = "licences.md";

// Builds dist/graph.html: the graph view with its script and style in one file, into which Python writes a graph.
export default defineConfig({
  mode: "graph-file",
  publicDir: false,
  plugins: [inlineAll()],
  build: {
    target: "es2022",
    emptyOutDir: false,
    modulePreload: false,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1000,
    license: { fileName: LICENCES },
    rolldownOptions: {
      input: fileURLToPath(new URL("./src/graph-file/main.tsx", import.meta.url)),
      output: { codeSplitting: false },
    },
  },
});

/** Inlines the script and the style into one page, whose Content-Security-Policy allows no other code. */
function inlineAll(): Plugin {
  return {
    name: "inline-all",
    generateBundle: {
      order: "post", // after Vite has filled in its own placeholders
      handler(_, bundle) {
        const files = Object.values(bundle);
        const assets = (suffix: string) =>
          files.flatMap((file) => (file.type === "asset" && file.fileName.endsWith(suffix) ? [String(file.source)] : [])).join("\n");
        const script = files.flatMap((file) => (file.type === "chunk" ? [file.code] : [])).join("\n");
        for (const name of Object.keys(bundle)) delete bundle[name];
        const source = renderPage(script.replace(/<(?=\/script|!--)/gi, "\\x3c"), assets(".css"), assets(LICENCES));
        this.emitFile({ type: "asset", fileName: "graph.html", source });
      },
    },
  };
}

function renderPage(script: string, style: string, licences: string): string {
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data: blob:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="${PLACEHOLDERS.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${PLACEHOLDERS.title}</title>
<style>${style}</style>
</head>
<body>
<div id="app"></div>
<script type="application/json" id="contents">${PLACEHOLDERS.contents}</script>
<script type="module">${script}</script>
</body>
</html>
<!--
${licences.replaceAll("--", "- -")}
-->
`;
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
