import type { TollgateError } from "@tollgate/core";

/** It did not work out. */
export const EXIT_FAILED = 1;
/** The command line makes no sense. */
export const EXIT_USAGE = 2;
/** Something is wrong with the configuration (sysexits.h), as with `@tollgate/node`. */
const EXIT_CONFIG = 78;

const CONFIG_CODES: ReadonlySet<string> = new Set([
  "TOLLGATE_CONFIG_INVALID",
  "TOLLGATE_CONFIG_UNREADABLE",
  "TOLLGATE_POLICY_INVALID",
]);

export function exitCodeOf({ code }: TollgateError): number {
  return CONFIG_CODES.has(code) ? EXIT_CONFIG : EXIT_FAILED;
}
