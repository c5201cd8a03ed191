import { TollgateError } from "@tollgate/core";
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from "../otlp/limits.ts";

/** What senders may ask of a receiver. */
export interface ReceiverLimits extends DecodeLimits {
  /**
   * Bytes of one HTTP body as sent, and of one gRPC message both as sent and decompressed.
   *
   * @defaultValue 16 MiB
   */
  readonly bodyBytes: number;
  /**
   * Bytes of one HTTP body after decompression, which stops there.
   *
   * @defaultValue 32 MiB
   */
  readonly decompressedBytes: number;
  /**
   * How long an HTTP sender may take for its body.
   *
   * @defaultValue 30,000
   */
  readonly bodyMs: number;
  /**
   * How long the rest of a body that was refused is read and thrown away, so that the sender sees the answer; then the
   * connection is cut.
   *
   * @defaultValue 2,000
   */
  readonly lingerMs: number;
  /**
   * Bytes of all requests that are taken in but not yet answered, as sent plus as decompressed. What does not fit is
   * answered "later" before it is read.
   *
   * @defaultValue 128 MiB
   */
  readonly queueBytes: number;
  /**
   * Requests that are taken in but not yet answered.
   *
   * @defaultValue 1,024
   */
  readonly queueRequests: number;
  /**
   * How much of the queue one authenticated caller may fill, 0 to 1, so that one cannot keep all others out. Does not bind
   * the anonymous caller, nor a caller's only request.
   *
   * @defaultValue 0.5
   */
  readonly callerShare: number;
  /**
   * When to come again, told to those who are sent away.
   *
   * @defaultValue 1,000
   */
  readonly retryAfterMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_RECEIVER_LIMITS: ReceiverLimits = {
  ...DEFAULT_DECODE_LIMITS,
  bodyBytes: 16 * MIB,
  decompressedBytes: 32 * MIB,
  bodyMs: 30_000,
  lingerMs: 2_000,
  queueBytes: 128 * MIB,
  queueRequests: 1_024,
  callerShare: 0.5,
  retryAfterMs: 1_000,
};

/** @throws TollgateError `TOLLGATE_CONFIG_INVALID` for a limit that is none, and a queue no request fits into */
export function completeLimits(given: Partial<ReceiverLimits> = {}): ReceiverLimits {
  const limits = { ...DEFAULT_RECEIVER_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    const share = name === "callerShare";
    if (share ? value > 0 && value <= 1 : Number.isSafeInteger(value) && value > 0) continue;
    const wanted = share ? "above 0 and at most 1" : "a whole number above 0";
    throw new TollgateError("TOLLGATE_CONFIG_INVALID", `limit ${name} is ${value}; give ${wanted}`);
  }
  const largest = limits.bodyBytes + limits.decompressedBytes;
  if (limits.queueBytes < largest) {
    throw new TollgateError(
      "TOLLGATE_CONFIG_INVALID",
      `limit queueBytes is ${limits.queueBytes}, so a body at its limits would never be taken; give at least bodyBytes + decompressedBytes, which are ${largest}`,
    );
  }
  return limits;
}
