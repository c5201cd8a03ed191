import { ATTRIBUTION_KEYS } from "@tollgate/core";
import type { BudgetCharge } from "@tollgate/budget";
import * as z from "zod";

const amount = z.int().min(0);
const name = z.string();

/** Charges as they were written down, by this version or one before. */
const chargesSchema: z.ZodType<readonly BudgetCharge[]> = z.array(
  z
    .object({
      id: name,
      attribution: z.object(
        Object.fromEntries(ATTRIBUTION_KEYS.map((key) => [key, name.optional()])),
      ),
      provider: name,
      model: name.optional(),
      timeMs: z.number(),
      used: z.object({ nanoUsd: amount, tokens: amount }),
      requests: amount,
    })
    .transform(({ model, ...charge }) => ({ ...charge, model })),
);

/** @throws Error when these are no charges. */
export function readCharges(payload: unknown): readonly BudgetCharge[] {
  return chargesSchema.parse(payload);
}
