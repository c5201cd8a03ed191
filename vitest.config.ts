import { defineConfig } from "vitest/config";

const conditions = ["source", "node"];

/**
 * `unit` runs packages from their sources. `end-to-end` runs real processes and servers on the built
 * packages, one file at a time.
 */
export default defineConfig({
  ssr: { resolve: { conditions, externalConditions: ["source", "node"] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // What is loaded on demand by `require` comes from its source too.
          execArgv: ["--conditions=source"],
          include: [
            "packages/*/test/**/*.test.ts",
            "examples/*/test/**/*.test.ts",
            "test/{api,architecture,corpus,dialects,providers}/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "end-to-end",
          include: ["test/e2e/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
