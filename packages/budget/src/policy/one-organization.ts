import { isGlob } from "./glob.ts";
import type { Policy } from "./policy.ts";

/**
 * Why a policy cannot be held by a store that keeps organizations apart; `undefined` when it can.
 *
 * A call under counters of one organization is one step there; a hard limit over several would need them all at once.
 */
export function notOfOneOrganization({ guarantee, match, each }: Policy): string | undefined {
  if (guarantee !== "hard" || each.includes("organization")) return undefined;
  if (match.organization !== undefined && !isGlob(match.organization)) return undefined;
  return "the store keeps organizations apart, so a hard budget is for one of them; write match: { organization: NAME } or each: [organization], or guarantee: bounded";
}
