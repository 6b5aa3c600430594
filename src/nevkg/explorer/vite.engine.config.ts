import { copyFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const FOLDER = "dist/engine";
/** Python for browsers, as it comes. */
const PYTHON = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];

// The engine of a site without a server: a worker of its own, which nothing but its address connects with the explorer.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [copyPython()],
  build: {
    target: "es2022",
    outDir: FOLDER,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    license: { fileName: "licences.md" },
    modulePreload: false,
    rollupOptions: {
      input: ["src/engine/worker.ts", "src/engine/offline.ts"],
      output: { entryFileNames: "[name].js", assetFileNames: "[name]-[hash][extname]" },
    },
  },
});

function copyPython(): Plugin {
  return {
    name: "copy-python",
    closeBundle() {
      for (const name of PYTHON) copyFileSync(`node_modules/pyodide/${name}`, `${FOLDER}/${name}`);
    },
  };
}
