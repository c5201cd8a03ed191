/** What `--import` loads in the metered run: every usage event becomes a line of a file. */
import { appendFileSync } from "node:fs";
import { createBudgetProcessor, parsePolicies } from "@tollgate/budget";
import { createCallMeter, hookGlobalFetch, startModuleHooks } from "@tollgate/instrumentation";

const policies = parsePolicies(JSON.parse(process.env.MATRIX_POLICIES ?? "[]"));

const meter = createCallMeter({
  // Forms are looked at only where somebody is known to answer them.
  endpoints: [{ host: "localhost", provider: "openai" }],
  budget: createBudgetProcessor({ policies }),
  // Far longer than a busy machine keeps a reader waiting.
  abandonAfterMs: 1_000,
  onUsage: (event) => appendFileSync(process.env.MATRIX_EVENTS, `${JSON.stringify(event)}\n`),
});
hookGlobalFetch(meter);
startModuleHooks(meter);
