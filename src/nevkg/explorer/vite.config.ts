import { defineConfig } from "vitest/config";

// Addresses are relative: the server may stand behind a proxy, under any path.
export default defineConfig({
  base: "./",
  // Preload helpers of Vite would add inline code; the entry is small, and what is lazy is fetched when it is used.
  build: { target: "es2022", modulePreload: false, assetsInlineLimit: 0, reportCompressedSize: true, chunkSizeWarningLimit: 700 },
  server: { proxy: Object.fromEntries(["/api", "/sparql"].map((path) => [path, process.env.NEVKG_SERVER ?? "http://localhost:8000"])) },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
