import { BUDGET_EXCEEDED_HEADER, refusalMarker, type BudgetRefusal } from "@tollgate/core";
import type { WireApi } from "./api.ts";

/** A refusal as the HTTP answer that the provider itself might have sent. */
export interface RefusalResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body: string;
}

/** No client retries a 402; many retry a 429 whatever its headers say. */
const REFUSAL_STATUS = 402;
/** How long to stay away after a throttle gave up and nothing says when it may work again. */
const THROTTLE_RETRY_SECONDS = 60;

/**
 * The answer a refused call gets: every SDK raises its ordinary API error from it, once.
 *
 * @param nowMs - milliseconds since the epoch, to say in `retry-after` how long the window lasts.
 */
export function refusalResponse(
  api: WireApi,
  refusal: BudgetRefusal,
  nowMs: number,
): RefusalResponse {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-should-retry": "false",
    [BUDGET_EXCEEDED_HEADER]: asciiJson(refusalMarker(refusal)),
  };
  const retryAfterSeconds = secondsUntilRetry(refusal, nowMs);
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(retryAfterSeconds);
  return { status: REFUSAL_STATUS, headers, body: JSON.stringify(api.refusalBody(refusal)) };
}

function secondsUntilRetry(refusal: BudgetRefusal, nowMs: number): number | undefined {
  if (refusal.resetsAtMs !== undefined) {
    return Math.max(0, Math.ceil((refusal.resetsAtMs - nowMs) / 1000));
  }
  return refusal.reason === "throttle_timeout" ? THROTTLE_RETRY_SECONDS : undefined;
}

/** Header values are bytes: JSON's own escapes keep any other character in them. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
