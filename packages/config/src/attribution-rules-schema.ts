import { ATTRIBUTION_KEYS } from "@tollgate/core";
import * as z from "zod";
import { compilePattern } from "./pattern.ts";
import type { AttributionConfig, AttributionInput, RuleTarget } from "./attribution-rules.ts";

const MAX_RULES = 200;
const MAX_NAME_LENGTH = 256;

const TARGET_HINT = `write one of ${ATTRIBUTION_KEYS.join(", ")}, or tags.NAME`;
const FROM_HINT = "write the name of an attribute, such as service.name";
const VALUE_HINT = `write a text of 1 to ${MAX_NAME_LENGTH} characters`;
const CONDITION_HINT = "write a text, a list of texts, or true for any value and false for none";
const WHEN_HINT =
  "write attributes and what they must be, such as when: { service.name: checkout-* }";
const SET_HINT = "write what to charge to, such as set: { project: checkout }";
const RULE_HINT =
  "write { from: ATTRIBUTE, to: KEY } or { when: { ATTRIBUTE: VALUE }, set: { KEY: VALUE } }";

const isTarget = (value: unknown): value is RuleTarget =>
  typeof value === "string" &&
  (ATTRIBUTION_KEYS.some((key) => key === value) || /^tags\.\S{1,64}$/.test(value));

const nameSchema = z.string({ error: FROM_HINT }).min(1, FROM_HINT).max(MAX_NAME_LENGTH, FROM_HINT);
const valueSchema = z
  .string({ error: VALUE_HINT })
  .min(1, VALUE_HINT)
  .max(MAX_NAME_LENGTH, VALUE_HINT);

const patternSchema = z
  .string({ error: "write a regular expression" })
  .superRefine((source, context) => {
    try {
      compilePattern(source);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${reason}: write it in RE2's syntax, which has no look-around and no back-references`;
      context.addIssue({ code: "custom", message });
    }
  });

const conditionSchema = z.union([valueSchema, z.array(valueSchema).min(1), z.boolean()], {
  error: CONDITION_HINT,
});

const whenSchema = z
  .record(nameSchema, conditionSchema, { error: WHEN_HINT })
  .refine((when) => Object.keys(when).length > 0, WHEN_HINT);

const copySchema = z.strictObject({
  from: nameSchema,
  to: z.custom<RuleTarget>(isTarget, TARGET_HINT),
  match: patternSchema.optional(),
  value: valueSchema.optional(),
  when: whenSchema.optional(),
});

const setSchema = z.strictObject({
  when: whenSchema,
  set: z
    .record(z.string().refine(isTarget, TARGET_HINT), valueSchema, { error: SET_HINT })
    .refine((set) => Object.keys(set).length > 0, SET_HINT),
});

/** Unknown keys fail: a misspelt rule must never charge somebody else. */
export const attributionSchema: z.ZodType<AttributionConfig, AttributionInput> = z.strictObject({
  rules: z
    .array(z.union([copySchema, setSchema], { error: RULE_HINT }), {
      error: "write a list of rules, or leave the key out",
    })
    .max(MAX_RULES, `write at most ${MAX_RULES} rules`)
    .default([]),
  defaults: z.boolean({ error: "write true or false" }).default(true),
});
