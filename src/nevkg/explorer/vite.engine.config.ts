import { copyFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const FOLDER = "dist/engine";
/** The files of Pyodide. */
const PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];

// The engine of a site without a server. The explorer loads it as a worker by its address.
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [copyPyodide()],
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

function copyPyodide(): Plugin {
  return {
    name: "copy-pyodide",
    closeBundle() {
      for (const name of PYODIDE) copyFileSync(`node_modules/pyodide/${name}`, `${FOLDER}/${name}`);
    },
  };
}
