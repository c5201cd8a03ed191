import { usdToNanoUsd } from "@tollgate/core";
import { readObject, type JsonObject } from "../json/read.ts";
import { noteProblem, noteProviderCost, type AnswerDraft } from "./draft.ts";

/** More for one call is a provider's mistake, not a bill. */
const MAX_USD = 100_000;

/**
 * What a vendor says that a call cost, in US dollars, from the usage in its answer. Vendors that say
 * nothing are not here; of others' `cost` nobody knows what it means.
 */
const STATED_USD: ReadonlyMap<string, (usage: JsonObject) => unknown> = new Map([
  ["openrouter", openRouterUsd],
  ["perplexity", (usage) => readObject(usage, "cost")?.["total_cost"]],
  ["x_ai", (usage) => ticksToUsd(usage["cost_in_usd_ticks"])],
  // The router passes on what the inference provider states.
  ["huggingface", (usage) => usage["estimated_cost"]],
  ["deepinfra", (usage) => usage["estimated_cost"]],
]);

/** Takes the cost that a vendor states; one that cannot be one is noted and left out. */
export function readProviderCost(
  usage: JsonObject | undefined,
  provider: string | undefined,
  draft: AnswerDraft,
): void {
  if (usage === undefined || provider === undefined) return;
  const usd = STATED_USD.get(provider)?.(usage);
  if (usd === undefined || usd === null) return;
  if (typeof usd === "number" && usd >= 0 && usd <= MAX_USD) {
    noteProviderCost(draft, usdToNanoUsd(usd));
  } else {
    noteProblem(draft, `the stated cost is not an amount: ${typeof usd}`);
  }
}

/**
 * With a key of one's own at the vendor behind it, OpenRouter's cost is its fee alone.
 *
 * @see https://openrouter.ai/docs/use-cases/usage-accounting
 */
function openRouterUsd(usage: JsonObject): unknown {
  const fee = usage["cost"];
  if (usage["is_byok"] !== true) return fee;
  const upstream = readObject(usage, "cost_details")?.["upstream_inference_cost"];
  return typeof fee === "number" && typeof upstream === "number" ? fee + upstream : undefined;
}

/** xAI counts in ticks of 10⁻¹⁰ US dollars. */
function ticksToUsd(ticks: unknown): unknown {
  return typeof ticks === "number" ? ticks / 1e10 : ticks;
}
