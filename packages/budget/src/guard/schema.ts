import { TollgateError } from "@tollgate/core";
import { z } from "zod";
import { describePolicyIssue } from "../policy/parse.ts";
import { eachSchema, idSchema, matchSchema } from "../policy/schema.ts";
import type { Guard, GuardInput } from "./guard-policy.ts";

function count(min: number, max: number, hint: string): z.ZodType<number, number> {
  return z.int({ error: hint }).min(min, hint).max(max, hint);
}

const ACCELERATION_HINT = "write how many times the usual is too much, from 2 to 1000, such as 5";
const SIGNS_HINT = "name at least one of callsPerMinute, identicalInARow and acceleration";
const ACTION_HINT = 'write "deny", "throttle" or "alert"';

/** One guard. Unknown keys fail, as in a policy. */
export const guardSchema: z.ZodType<Guard, GuardInput> = z
  .strictObject(
    {
      id: idSchema,
      match: matchSchema.default({}),
      each: eachSchema.default(["agent"]),
      callsPerMinute: count(1, 1e6, "write a whole number of calls from 1, such as 120").optional(),
      identicalInARow: count(2, 1e6, "write a whole number from 2, such as 10").optional(),
      acceleration: z
        .number({ error: ACCELERATION_HINT })
        .min(2, ACCELERATION_HINT)
        .max(1_000, ACCELERATION_HINT)
        .optional(),
      action: z.enum(["deny", "throttle", "alert"], { error: ACTION_HINT }).default("alert"),
    },
    {
      error: (issue) =>
        issue.code === "unrecognized_keys"
          ? undefined
          : 'a guard is an object, such as { id: "loops", identicalInARow: 10 }',
    },
  )
  .refine(
    (guard) => (guard.callsPerMinute ?? guard.identicalInARow ?? guard.acceleration) !== undefined,
    SIGNS_HINT,
  );

/**
 * Checks a list of guards and fills in their defaults.
 *
 * @param taken - the ids of the budgets beside them.
 * @throws TollgateError `TOLLGATE_POLICY_INVALID` that lists every problem: which guard, which key, what to
 *   write instead.
 */
export function parseGuards(input: unknown, taken: readonly string[] = []): Guard[] {
  const parsed = z.array(guardSchema, { error: "write a list of guards" }).safeParse(input);
  const issues = parsed.error?.issues.map((one) => describePolicyIssue(one, input, "guard")) ?? [];
  const ids = new Set(taken);
  for (const { id } of parsed.data ?? []) {
    if (ids.has(id)) issues.push(`guard "${id}": id: a budget or guard has this id already`);
    ids.add(id);
  }
  if (parsed.data !== undefined && issues.length === 0) return parsed.data;
  const problems = issues.map((issue) => `  ${issue}`).join("\n");
  throw new TollgateError("TOLLGATE_POLICY_INVALID", `The guards are not valid:\n${problems}`);
}
