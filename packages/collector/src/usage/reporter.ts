import { randomUUID } from "node:crypto";
import { UNPRICED, type Attribution, type CallCost, type Clock } from "@tollgate/core";
import type { Ledger, LedgerEvent, Totals } from "@tollgate/ledger";
import type { Amounts } from "@tollgate/budget";
import type { Pricer } from "@tollgate/pricing";
import type { Caller } from "../access/caller.ts";
import type { Booking } from "../booking/booking.ts";
import { LEASED } from "../booking/sighted.ts";
import type { RemoteLeases } from "./remote-leases.ts";
import { RequestError } from "./request-error.ts";
import { organizationFor } from "./tenant.ts";
import { attributionOf, costOf, usageOf, type TokenEventInput } from "./token-event.ts";

export interface Reported {
  readonly event: LedgerEvent;
  /** False when an event of that id was there already. */
  readonly isNew: boolean;
}

/** Sums of what an event was for, with the event in them. */
export interface RunningTotals {
  readonly task: Totals | undefined;
  readonly workstream: Totals | undefined;
}

/** Takes what people, scripts and agents report of their own use. */
export interface Reporter {
  /** @throws RequestError when an event cannot be taken; none is then. */
  report(caller: Caller, inputs: readonly TokenEventInput[]): Promise<readonly Reported[]>;
  runningTotals(event: LedgerEvent): Promise<RunningTotals>;
}

export interface ReporterOptions {
  readonly ledger: Ledger;
  readonly booking: Pick<Booking, "report">;
  readonly leases: RemoteLeases;
  readonly pricer: Pricer;
  readonly clock: Clock;
}

/** Clocks differ by as much. */
const AHEAD_MS = 5 * 60_000;
/** The source of events that were reported by whom they are about. */
const REPORT = "report";

export function createReporter(options: ReporterOptions): Reporter {
  const { ledger, booking, leases, pricer, clock } = options;
  async function eventOf(caller: Caller, input: TokenEventInput): Promise<LedgerEvent> {
    const attribution = await complete(caller, input);
    const {
      lease,
      id = lease ?? randomUUID(),
      model,
      ref_type: refType,
      ref_id: refId,
      note,
    } = input;
    return {
      id,
      key: lease === undefined ? `${REPORT}:${id}` : `${LEASED}${lease}`,
      source: REPORT,
      timeMs: timeOf(input, clock.now()),
      attribution,
      provider: input.provider ?? "unknown",
      operation: "chat",
      api: REPORT,
      requestModel: model,
      responseModel: undefined,
      responseId: undefined,
      streaming: false,
      usage: usageOf(input),
      additionalUsage: [],
      estimated: input.estimated === true,
      cost: price(input),
      outcome: "ok",
      errorType: undefined,
      finishReasons: [],
      toolCalls: [],
      durationMs: undefined,
      timeToFirstChunkMs: undefined,
      chunks: undefined,
      traceId: undefined,
      spanId: undefined,
      refType,
      refId,
      note,
    };
  }

  /** A task knows its workstream and its repository. */
  async function complete(caller: Caller, input: TokenEventInput): Promise<Attribution> {
    const organization = organizationFor(caller, input.organization);
    const said = attributionOf(input);
    const task = said.task === undefined ? undefined : await ledger.task(organization, said.task);
    return {
      ...said,
      organization,
      workstream: said.workstream ?? task?.workstream,
      repository: said.repository ?? task?.repository,
    };
  }

  function price(input: TokenEventInput): CallCost {
    const told = costOf(input);
    if (told !== undefined) {
      return { totalNanoUsd: told, parts: { request: told }, priceSource: "sender" };
    }
    const usage = usageOf(input);
    if (usage === undefined) return UNPRICED;
    const { provider = "unknown", model } = input;
    return pricer.priceCall(usage, { provider, model, timeMs: timeOf(input, clock.now()) });
  }

  async function totalsOf(
    key: "task" | "workstream",
    { attribution }: LedgerEvent,
  ): Promise<Totals | undefined> {
    const id = attribution[key];
    if (id === undefined) return undefined;
    return ledger.summary({ organization: attribution.organization, [key]: id });
  }

  return {
    async report(caller, inputs) {
      for (const { lease } of inputs) if (lease !== undefined) leases.check(caller, lease);
      const events = await Promise.all(inputs.map((input) => eventOf(caller, input)));
      const fresh = await booking.report(events);
      // A crash before leaves leases that are charged as held, and are settled when it is reported again.
      await Promise.all(
        inputs.map(async ({ lease }, index) => {
          if (lease !== undefined) await leases.settle(caller, lease, usedBy(events[index]));
        }),
      );
      return events.map((event, index) => ({ event, isNew: fresh[index] === true }));
    },
    async runningTotals(event) {
      const [task, workstream] = await Promise.all([
        totalsOf("task", event),
        totalsOf("workstream", event),
      ]);
      return { task, workstream };
    },
  };
}

/** An unknown cost leaves a lease charged as held. */
function usedBy(event: LedgerEvent | undefined): Amounts {
  const { inputTokens = 0, outputTokens = 0 } = event?.usage ?? {};
  return { nanoUsd: event?.cost.totalNanoUsd, tokens: inputTokens + outputTokens };
}

function timeOf({ time }: TokenEventInput, nowMs: number): number {
  if (time === undefined) return nowMs;
  const timeMs = Date.parse(time);
  if (timeMs <= nowMs + AHEAD_MS) return timeMs;
  throw new RequestError("invalid", `time: ${time} is yet to come; leave the key out for now`);
}
