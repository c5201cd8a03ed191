import type { Reads } from "./reads.ts";

/** Events before this time are deleted. */
export async function deletedBefore({ build, rows }: Reads): Promise<number> {
  const [state] = await rows(build.selectFrom("ledger_state").select("deleted_before_ms"));
  return state?.deleted_before_ms ?? 0;
}
