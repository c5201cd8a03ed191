import { formatUsd, nanoUsdToUsd } from "@tollgate/core";
import * as z from "zod";
import { RequestError } from "../../usage/request-error.ts";
import { answer } from "../answer.ts";
import type { AddTool } from "../tool.ts";

const tokens = z.int().min(0).max(1_000_000_000_000);

export const addEstimateCost: AddTool = (server, { pricer, clock }, caller) => {
  server.registerTool(
    "estimate_cost",
    {
      title: "What would it cost?",
      description: "The price of a call by a model's list price.",
      inputSchema: z.strictObject({
        provider: z.string().min(1).max(256).describe("Such as openai or anthropic."),
        model: z.string().min(1).max(256),
        tokens_in: tokens,
        tokens_out: tokens,
        cache_read_tokens: tokens.describe("Part of tokens_in.").optional(),
        cache_write_tokens: tokens.describe("Part of tokens_in.").optional(),
      }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input) =>
      answer(caller, "read", async () => {
        const { provider, model } = input;
        const cost = pricer.priceCall(
          {
            inputTokens: input.tokens_in,
            outputTokens: input.tokens_out,
            cacheReadTokens: input.cache_read_tokens,
            cacheWriteTokens: input.cache_write_tokens,
          },
          { provider, model, timeMs: clock.now() },
        );
        const nanoUsd = cost.totalNanoUsd;
        if (nanoUsd === undefined) {
          throw new RequestError("not_found", `no price is known of ${model} at ${provider}`);
        }
        return {
          text: `${formatUsd(nanoUsd)} by the list price of ${cost.pricedModel ?? model} (${cost.catalogueVersion ?? cost.priceSource}).`,
          data: {
            cost_usd: nanoUsdToUsd(nanoUsd),
            cost_nano_usd: nanoUsd,
            priced_model: cost.pricedModel ?? null,
            price_source: cost.priceSource,
          },
        };
      }),
  );
};
