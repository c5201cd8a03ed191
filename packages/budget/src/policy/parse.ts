import { TollgateError } from "@tollgate/core";
import type { z } from "zod";
import { policiesSchema } from "./schema.ts";
import type { Policy } from "./policy.ts";

/**
 * Checks a list of policies and fills in their defaults.
 *
 * @throws TollgateError `TOLLGATE_POLICY_INVALID` that lists every problem: which policy, which key,
 *   what to write instead.
 */
export function parsePolicies(input: unknown): Policy[] {
  const parsed = policiesSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `  ${describePolicyIssue(issue, input, "policy")}`,
  );
  throw new TollgateError(
    "TOLLGATE_POLICY_INVALID",
    `The budget policies are not valid:\n${problems.join("\n")}`,
  );
}

/** Names the entry of a list that something is wrong with, and the key. */
export function describePolicyIssue(
  { path, message }: z.core.$ZodIssue,
  input: unknown,
  what: "policy" | "guard",
): string {
  const [index, ...keys] = path;
  if (typeof index !== "number") return message;
  const policy: unknown = Array.isArray(input) ? input[index] : undefined;
  const name = `${what} ${index}${describeId(policy)}`;
  return keys.length === 0 ? `${name}: ${message}` : `${name}: ${keys.join(".")}: ${message}`;
}

function describeId(policy: unknown): string {
  if (typeof policy !== "object" || policy === null || !("id" in policy)) return "";
  return typeof policy.id === "string" ? ` ("${policy.id}")` : "";
}
