/**
 * An ordinary app around one client, which knows nothing of being metered: it runs scenarios and
 * prints what it saw of each, a line of JSON each.
 *
 * Arguments: family of clients, `esm` or `cjs`, base URL, package names with a comma between them.
 */
import { createRequire } from "node:module";
import { runScenarios } from "./run-scenarios.mjs";

const [family, format, baseUrl, packages] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const load = (name) => (format === "cjs" ? require(name) : import(name));

const modules = [];
for (const name of packages === "" ? [] : packages.split(",")) modules.push(await load(name));
const { scenarios } = await import(`./clients/${family}.mjs`);

await runScenarios(scenarios(modules, baseUrl));
