import { defineConfig } from "vitest/config";

// Addresses are relative: the server may run behind a proxy, under any path.
export default defineConfig({
  base: "./",
  plugins: [
    {
      // A text must not move under its reader when its font arrives late. The fonts are preloaded, so that a fast network has them in time.
      name: "font-display",
      enforce: "pre",
      transform: (code, id) => (id.includes("@fontsource") ? code.replaceAll("font-display: swap", "font-display: optional") : null),
    },
  ],
  build: {
    target: "es2022",
    modulePreload: false, // its inline script would violate the server's Content-Security-Policy
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: ["index.html", "page.html"] },
    license: { fileName: "assets/licences.md" }, // the licences of all bundled packages, as they require
  },
  server: { proxy: Object.fromEntries(["/api", "/sparql"].map((path) => [path, process.env.NEVKG_SERVER ?? "http://localhost:8000"])) },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
