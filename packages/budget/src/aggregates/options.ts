import { TollgateError } from "@tollgate/core";

const DAY_SECONDS = 86_400;

export function invalid(message: string): TollgateError {
  return new TollgateError("TOLLGATE_CONFIG_INVALID", `aggregates: ${message}`);
}

/** @throws TollgateError `TOLLGATE_CONFIG_INVALID` for seconds that are not above 0. */
export function checkSeconds(options: Readonly<Record<string, number | undefined>>): void {
  for (const [key, seconds] of Object.entries(options)) {
    if (seconds === undefined || (seconds > 0 && seconds <= DAY_SECONDS)) continue;
    throw invalid(`${key}: ${seconds} is no number of seconds above 0, at most ${DAY_SECONDS}`);
  }
}
