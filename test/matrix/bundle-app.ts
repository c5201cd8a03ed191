import { join } from "node:path";
import { build } from "esbuild";
import type { Client } from "./clients.ts";

/** Packs the app and its client into one CommonJS file, as apps for serverless hosts are. */
export async function bundleApp(client: Client, folder: string): Promise<string> {
  const outfile = join(folder, "app.cjs");
  const imports = client.packages.map(
    (name, index) => `import * as module${index} from ${JSON.stringify(name)};`,
  );
  const modules = client.packages.map((_, index) => `module${index}`).join(", ");
  await build({
    stdin: {
      contents: `${imports.join("\n")}
        import { scenarios } from "./clients/${client.family}.mjs";
        import { runScenarios } from "./run-scenarios.mjs";
        void runScenarios(scenarios([${modules}], process.argv[4]));`,
      resolveDir: join(import.meta.dirname, "app"),
    },
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    format: "cjs",
    outfile,
    logLevel: "silent",
  });
  return outfile;
}
