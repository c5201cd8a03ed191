import { findOverrideMistakes, type OverrideMistake, type PriceOverride } from "@tollgate/pricing";
import * as z from "zod";
import { unknownKey } from "./problem/describe-issues.ts";

/** What the pricing package itself refuses is refused here, with the place where it is written. */
function checkedBy<Checked>(
  findMistakes: (written: unknown) => readonly OverrideMistake[],
): z.ZodType<Checked, Checked> {
  return z.custom<Checked>().superRefine((written, context) => {
    for (const { path, message, knownKeys } of findMistakes(written)) {
      const key = String(path.at(-1));
      const said = knownKeys === undefined ? message : unknownKey(key, knownKeys);
      context.addIssue({ code: "custom", path: [...path], message: said });
    }
  });
}

const overrideSchema = checkedBy<PriceOverride>(findOverrideMistakes);

export interface PricingInput {
  readonly overrides?: readonly PriceOverride[] | undefined;
}

export interface PricingConfig {
  readonly overrides: readonly PriceOverride[];
}

export const pricingSchema: z.ZodType<PricingConfig, PricingInput> = z.strictObject({
  overrides: z
    .array(overrideSchema, { error: "write a list of overrides, or leave the key out" })
    .default([]),
});
