import { usdToNanoUsd } from "@tollgate/core";
import { readObject, type JsonObject } from "../json/read.ts";
import { noteProblem, noteProviderCost, type AnswerDraft } from "./draft.ts";

/** More for one call is a provider's mistake, not a bill. */
const MAX_USD = 100_000;

/** What a vendor says that a call cost, in the usage of its answer. */
interface StatedCost {
  /** Where it stands, for people. */
  readonly field: string;
  /** Reads it in US dollars. */
  readonly usd: (usage: JsonObject) => unknown;
}

/** Vendors that say nothing are not here; of others' `cost` nobody knows what it means. */
export const STATED_COSTS: ReadonlyMap<string, StatedCost> = new Map([
  ["openrouter", { field: "usage.cost", usd: openRouterUsd }],
  [
    "perplexity",
    {
      field: "usage.cost.total_cost",
      usd: (usage: JsonObject) => readObject(usage, "cost")?.["total_cost"],
    },
  ],
  [
    "x_ai",
    {
      field: "usage.cost_in_usd_ticks",
      usd: (usage: JsonObject) => ticksToUsd(usage["cost_in_usd_ticks"]),
    },
  ],
  // The router passes on what the inference provider states.
  ["huggingface", { field: "usage.estimated_cost", usd: estimatedUsd }],
  ["deepinfra", { field: "usage.estimated_cost", usd: estimatedUsd }],
]);

/** Takes the cost that a vendor states; one that cannot be one is noted and left out. */
export function readProviderCost(
  usage: JsonObject | undefined,
  provider: string | undefined,
  draft: AnswerDraft,
): void {
  if (usage === undefined || provider === undefined) return;
  const usd = STATED_COSTS.get(provider)?.usd(usage);
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

function estimatedUsd(usage: JsonObject): unknown {
  return usage["estimated_cost"];
}

/** xAI counts in ticks of 10⁻¹⁰ US dollars. */
function ticksToUsd(ticks: unknown): unknown {
  return typeof ticks === "number" ? ticks / 1e10 : ticks;
}
