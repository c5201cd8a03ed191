import { randomUUID } from "node:crypto";
import {
  ATTRIBUTION_KEYS,
  usdToNanoUsd,
  type Attribution,
  type AttributionKey,
} from "@tollgate/core";
import type { Amounts, BudgetCall } from "@tollgate/budget";
import type { Pricer } from "@tollgate/pricing";
import { ATTR_PROVIDER_NAME } from "@tollgate/core/semconv";
import * as z from "zod";
import type { Caller } from "../access/caller.ts";
import { organizationFor } from "./tenant.ts";

type Names = Readonly<Partial<Record<AttributionKey, string | undefined>>>;

/** A call that some program is about to make, as it describes it. */
export interface AskedCall extends Names {
  /** Yours; asked again under one id it holds once. */
  readonly id?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly tokens_in?: number | undefined;
  readonly tokens_out?: number | undefined;
  readonly cost_usd?: number | undefined;
}

const name = z.string().trim().min(1).max(256).optional();
const tokens = z.int().min(0).max(1_000_000_000_000).optional();

const SHAPE = {
  id: z
    .string()
    .min(1)
    .max(200)
    .describe("Yours; asked again under one id it holds once.")
    .optional(),
  provider: name.describe(`${ATTR_PROVIDER_NAME}, such as openai or anthropic.`),
  model: name,
  tokens_in: tokens.describe("The most input tokens it will use."),
  tokens_out: tokens.describe("The most output tokens: what you will send as max_tokens."),
  cost_usd: z
    .number()
    .min(0)
    .max(1_000_000)
    .describe("The most it will cost, in US dollars. Default: by the model's price.")
    .optional(),
  ...Object.fromEntries(ATTRIBUTION_KEYS.map((key) => [key, name])),
} as const;

export const askedCallSchema: z.ZodType<AskedCall, AskedCall> = z.strictObject(SHAPE);

/** @throws RequestError when it is of another's organisation. */
export function callOf(
  caller: Caller,
  asked: AskedCall,
  pricer: Pricer,
  timeMs: number,
): BudgetCall {
  const most = (): Amounts => amountsOf(asked, pricer, timeMs);
  return {
    id: asked.id ?? randomUUID(),
    attribution: namesOf(caller, asked),
    provider: asked.provider ?? "unknown",
    model: asked.model,
    expected: most,
    bound: () =>
      asked.tokens_out === undefined && asked.cost_usd === undefined
        ? { unboundable: "neither tokens_out nor cost_usd says how much it may use" }
        : most(),
  };
}

function namesOf(caller: Caller, asked: AskedCall): Attribution {
  const names: Record<string, string> = {};
  for (const key of ATTRIBUTION_KEYS) {
    const value = key === "organization" ? organizationFor(caller, asked[key]) : asked[key];
    if (value !== undefined) names[key] = value;
  }
  return names;
}

/** What was used, or will be at the most. */
export function amountsOf(
  asked: Pick<AskedCall, "provider" | "model" | "tokens_in" | "tokens_out" | "cost_usd">,
  pricer: Pricer,
  timeMs: number,
): Amounts {
  const { tokens_in: inputTokens = 0, tokens_out: outputTokens = 0, cost_usd: usd } = asked;
  const tokensTogether = inputTokens + outputTokens;
  if (usd !== undefined) return { nanoUsd: usdToNanoUsd(usd), tokens: tokensTogether };
  const { provider = "unknown", model } = asked;
  const cost = pricer.priceCall({ inputTokens, outputTokens }, { provider, model, timeMs });
  return { nanoUsd: cost.totalNanoUsd, tokens: tokensTogether };
}
