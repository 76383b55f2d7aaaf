import { defineConfig } from "vitest/config";

/** One bundling step: six entries, hashed files and a manifest that Django reads. */
export default defineConfig({
  root: "webmap/client",
  // Relative, so that the address of the static files stays Django's decision.
  base: "./",
  publicDir: false,
  build: {
    outDir: "../static/webmap/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // Inlined data: addresses would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: {
        conflicts: "webmap/client/conflicts.ts",
        home: "webmap/client/home.ts",
        page: "webmap/client/page.ts",
        plans: "webmap/client/plans.ts",
        reach: "webmap/client/reach.ts",
        workbench: "webmap/client/workbench.ts",
      },
    },
  },
  test: {
    include: ["**/*.test.ts"],
    environment: "node",
  },
});
