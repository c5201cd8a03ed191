/**
 * An ordinary app around one SDK, which knows nothing of being metered: it runs scenarios and prints what
 * it saw of each, a line of JSON each. Arguments: client, base URL.
 */
import { createRequire } from "node:module";
import { setTimeout as wait } from "node:timers/promises";
import { openaiScenarios } from "./openai-scenarios.mjs";
import { anthropicScenarios } from "./anthropic-scenarios.mjs";
import { fetchScenarios } from "./fetch-scenarios.mjs";
import { describeError } from "./describe.mjs";

const [client, baseUrl] = process.argv.slice(2);
const [packageName, format = "esm"] = client.split(":");
const load = async () =>
  format === "cjs" ? createRequire(import.meta.url)(packageName) : import(packageName);

const families = {
  openai5: openaiScenarios,
  openai6: openaiScenarios,
  openai: openaiScenarios,
  "@anthropic-ai/sdk": anthropicScenarios,
  "anthropic-sdk-0": anthropicScenarios,
  fetch: fetchScenarios,
};

const sdk = packageName === "fetch" ? undefined : await load();
const scenarios = families[packageName](sdk, baseUrl);

for (const [name, run] of Object.entries(scenarios)) {
  let result;
  try {
    result = await run(name);
  } catch (error) {
    result = { thrown: describeError(error) };
  }
  process.stdout.write(`${JSON.stringify({ scenario: name, result })}\n`);
  // Lets cancels reach the server before the next scenario starts.
  await wait(5);
}
