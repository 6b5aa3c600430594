import { defineConfig } from "vitest/config";

// Addresses are relative: the server may stand behind a proxy, under any path.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    modulePreload: false, // would be code within the page, which the server's policy forbids
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: ["index.html", "page.html"] },
    license: { fileName: "assets/licences.md" }, // of all that is bundled, as these licences ask
  },
  server: { proxy: Object.fromEntries(["/api", "/sparql"].map((path) => [path, process.env.NEVKG_SERVER ?? "http://localhost:8000"])) },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
