import { diag } from "@opentelemetry/api";
import type { Decoder, OtlpFormat, OtlpSignal } from "../otlp/decoder.ts";
import { refuse, type Answer } from "./answer.ts";
import type { Caller } from "./caller.ts";
import type { ReceiverLimits } from "./limits.ts";
import type { Take, Taken } from "./take.ts";
import type { Protocol, ReceiverTelemetry } from "./telemetry.ts";

/** A request whose bytes are there. */
export interface Arrived {
  readonly signal: OtlpSignal;
  readonly format: OtlpFormat;
  readonly protocol: Protocol;
  readonly body: Buffer;
  readonly caller: Caller;
}

/** What both transports do with a request: decode it, hand it on, and say what became of it. */
export type Intake = (arrived: Arrived) => Promise<Answer>;

export interface IntakeOptions {
  readonly decoder: Decoder;
  readonly take: Take;
  readonly limits: Pick<ReceiverLimits, "retryAfterMs">;
  readonly telemetry: ReceiverTelemetry;
}

export function createIntake({ decoder, take, limits, telemetry }: IntakeOptions): Intake {
  return async ({ signal, format, protocol, body, caller }) => {
    const before = performance.now();
    const decoded = decoder.decode(signal, format, body);
    telemetry.decoded(signal, protocol, {
      bytes: body.length,
      seconds: (performance.now() - before) / 1000,
      cut: decoded.readable ? decoded.cut : 0,
    });
    if (!decoded.readable) return refuse("undecodable", decoded.reason);

    const { batch } = decoded;
    const taken = await takeSafely(() => take(batch, caller));
    if (taken.outcome !== "taken") {
      const wait = taken.retryAfterMs ?? limits.retryAfterMs;
      return refuse(taken.outcome, "the collector cannot take this now; send it again", wait);
    }
    const { rejected: left = 0, reason = "" } = taken;
    telemetry.records(signal, batch.records.length - left, decoded.rejected + left);
    return {
      accepted: true,
      rejected: decoded.rejected + left,
      reason: [decoded.reason, reason].filter((each) => each !== "").join("; "),
    };
  };
}

async function takeSafely(take: () => Promise<Taken>): Promise<Taken> {
  try {
    return await take();
  } catch (error) {
    diag.error("tollgate: a batch could not be taken; its sender is asked to send it again", error);
    return { outcome: "unavailable" };
  }
}
