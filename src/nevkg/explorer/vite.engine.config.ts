import { defineConfig } from "vite";

// The engine of a site without a server: a worker of its own, which nothing but its address connects with the explorer.
export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    target: "es2022",
    outDir: "dist/engine",
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
