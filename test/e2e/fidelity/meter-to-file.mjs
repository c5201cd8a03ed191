/** What `--import` loads in the metered run: every usage event becomes a line of a file. */
import { appendFileSync } from "node:fs";
import { createBudgetProcessor, parsePolicies } from "@tollgate/budget";
import { createCallMeter, hookGlobalFetch } from "@tollgate/instrumentation";

const policies = parsePolicies(JSON.parse(process.env.FIDELITY_POLICIES ?? "[]"));

hookGlobalFetch(
  createCallMeter({
    budget: createBudgetProcessor({ policies }),
    abandonAfterMs: 200,
    onUsage: (event) => appendFileSync(process.env.FIDELITY_EVENTS, `${JSON.stringify(event)}\n`),
  }),
);
