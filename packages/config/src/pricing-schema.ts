import {
  findOverrideMistakes,
  findPriceMistakes,
  type ListedPrices,
  type OverrideMistake,
  type PriceOverride,
} from "@tollgate/pricing";
import * as z from "zod";
import type { PricingDocument, PricingInput } from "./pricing-config.ts";
import { unknownKey } from "./problem/describe-issues.ts";

/** What the pricing package itself refuses is refused here, with the place where it is written. */
function checkedBy<Checked>(
  findMistakes: (written: unknown) => readonly OverrideMistake[],
): z.ZodType<Checked, Checked> {
  return z.custom<Checked>().superRefine((written, context) => {
    for (const { path, message, knownKeys } of findMistakes(written)) {
      const said = knownKeys === undefined ? message : unknownKey(String(path.at(-1)), knownKeys);
      context.addIssue({ code: "custom", path: [...path], message: said });
    }
  });
}

const UNPRICED_HINT =
  "write count, deny, or price: with the prices of models that have none, such as price: { inputPerMtok: 10, outputPerMtok: 40 }";
const MODEL_HINT = "write the model behind it, such as gpt-4o-2024-08-06";
const CATALOGUE_HINT = "write the path of a file that a refresh of the prices has written";

export const pricingSchema: z.ZodType<PricingDocument, PricingInput> = z.strictObject({
  overrides: z
    .array(checkedBy<PriceOverride>(findOverrideMistakes), {
      error: "write a list of overrides, or leave the key out",
    })
    .default([]),
  deployments: z
    .record(z.string(), z.string({ error: MODEL_HINT }).min(1, MODEL_HINT), {
      error: "write names and the models behind them, such as chat: gpt-4o-2024-08-06",
    })
    .default({}),
  onUnpriced: z
    .union(
      [
        z.enum(["count", "deny"]),
        z.strictObject({ price: checkedBy<ListedPrices>(findPriceMistakes) }),
      ],
      { error: UNPRICED_HINT },
    )
    .default("count"),
  catalogue: z.string({ error: CATALOGUE_HINT }).min(1, CATALOGUE_HINT).optional(),
});
