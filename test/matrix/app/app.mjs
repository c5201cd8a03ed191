/**
 * An ordinary app around one client, which knows nothing of being metered: it runs scenarios and
 * prints what it saw of each, a line of JSON each.
 *
 * Arguments: family of clients, `esm` or `cjs`, base URL, package names with a comma between them, the
 * folder that has them.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runScenarios } from "./run-scenarios.mjs";

const [family, format, baseUrl, packages, folder] = process.argv.slice(2);
const loader = pathToFileURL(join(folder, "load.mjs"));
const load = format === "cjs" ? createRequire(loader) : (await import(loader)).default;

const modules = [];
for (const name of packages === "" ? [] : packages.split(",")) modules.push(await load(name));
const { scenarios } = await import(`./clients/${family}.mjs`);

await runScenarios(scenarios(modules, baseUrl));
