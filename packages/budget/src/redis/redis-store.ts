import { diag } from "@opentelemetry/api";
import { TollgateError, type Clock } from "@tollgate/core";
import type {
  BudgetStore,
  Control,
  Hold,
  ReserveAnswer,
  ReserveRequest,
  StoreAnswer,
  StoreNotice,
  TopUp,
} from "../store/store.ts";
import type { Connection } from "./connection.ts";
import { counterJson } from "./counter-json.ts";
import { createDefinitions } from "./definitions.ts";
import type { Deadlines } from "./deadlines.ts";
import { createHoldEncoder, encodeAmounts } from "./encode-holds.ts";
import { answerDryRun } from "./dry-run.ts";
import { createKeySpace } from "./key-space.ts";
import { createLiveLeases, type LiveLease } from "./live-leases.ts";
import { createPendingEnds, type PendingEnd } from "./pending-ends.ts";
import { readNumbers, readRefusals, type ScriptReply } from "./read-reply.ts";
import { readStates } from "./read-states.ts";
import type { ScriptName } from "./scripts/index.ts";
import { controlJson } from "./stored-controls.ts";
import { createSession, readPause, type Session } from "./session.ts";

export interface RedisStoreParts {
  readonly connection: Connection;
  readonly deadlines: Deadlines;
  /** The hash tag of all its keys. */
  readonly tag: string;
  readonly clock: Clock;
  /** Scripts take this clock's time in place of their server's. */
  readonly clockDecides: boolean;
  readonly pauseMs: number;
  readonly maxPending: number;
  readonly onGivenUp: (ends: readonly PendingEnd[]) => void;
}

/** How often one reservation may be asked again: for the clock, for definitions, and once more for either. */
const MOST_TRIES = 5;
/** For how long an end whose answer was lost may be sent again and change nothing. */
const ENDED_KEPT_MS = 120_000;
const RENEWED_AT_ONCE = 200;
/** What the client says of a command that it kept to itself. */
const NEVER_SENT: ReadonlySet<string> = new Set(["ClientOfflineError", "ClientClosedError"]);
const NO_COMMON_TIME = "Redis and this process did not agree on the time";
const NOTHING_NEW: StoreAnswer = { notices: [] };

/** Keeps budgets in the keys of one hash tag. */
export function createRedisStore(parts: RedisStoreParts): BudgetStore {
  const { connection, deadlines, clock, clockDecides } = parts;
  const keys = createKeySpace(parts.tag);
  const encodeHolds = createHoldEncoder();
  const definitions = createDefinitions(keys);
  const live = createLiveLeases();
  const pending = createPendingEnds(parts.maxPending, async (ended) => {
    await sendEnd(ended);
  });
  const clockText = clockDecides ? () => String(clock.now()) : () => "";
  /** What the server's clock shows, less what ours shows. */
  let aheadMs = 0;
  const session = createSession({
    connection,
    keys,
    clockText,
    pauseMs: parts.pauseMs,
    onNewEpoch: restore,
  });
  connection.onReady(() => void cameBack());

  async function cameBack(): Promise<void> {
    try {
      await deadlines.within(session.visit());
      await pending.flush();
    } catch (error) {
      diag.debug("tollgate: Redis was gone again at once", error);
    }
  }

  /** Holds again what a server that was started or took over may have lost, and ends again what has just ended. */
  async function restore(run: Session["run"]): Promise<void> {
    const nowMs = clock.monotonic();
    const lost = live
      .alive(nowMs)
      // An end that was sent longer ago than it is remembered may have been counted.
      .filter(({ endSentMs }) => endSentMs === undefined || nowMs - endSentMs < ENDED_KEPT_MS);
    await Promise.all([
      ...lost.map((lease) => holdAgain(lease, run)),
      ...live.ended(nowMs).map(async ({ lease, amounts }) => {
        // Where its end was kept neither changes anything.
        await holdAgain(lease, run);
        await runEnd({ leaseId: lease.leaseId, amounts }, lease.counterKeys, run);
      }),
    ]);
  }

  async function holdAgain(lease: LiveLease, run: Session["run"]): Promise<void> {
    const holds = lease.holds.map((hold) => ({ ...hold, check: "never" as const }));
    await tryReserve({ ...lease, holds }, run, true);
  }

  /** Asks until clock and definitions are agreed on. */
  async function tryReserve(
    { leaseId, ttlMs, holds, evenFrozen = false }: ReserveRequest,
    run: Session["run"],
    restoring: boolean,
  ): Promise<ScriptReply> {
    const counterKeys = definitions.keysOf(holds);
    const scriptKeys = [keys.meta, keys.leases, keys.leaseKey(leaseId), ...counterKeys];
    let told: readonly StoreNotice[] = [];
    let definitionsAsked = restoring;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const args = [
        clockText(),
        leaseId,
        String(ttlMs),
        restoring ? "live" : evenFrozen ? "even-frozen" : "",
        encodeHolds(holds, clock.now() + aheadMs),
        ...definitions.missing(holds, definitionsAsked),
      ];
      // oxlint-disable-next-line no-await-in-loop -- each follows the answer before
      const reply = await run("reserve", scriptKeys, args);
      told = told.length === 0 ? reply.notices : [...told, ...reply.notices];
      if (reply.status === "define") definitionsAsked = true;
      else if (reply.status === "stale-clock") aheadMs = reply.nowMs - clock.now();
      else return { ...reply, notices: told };
    }
    throw unavailable(NO_COMMON_TIME);
  }

  function ask(
    name: ScriptName,
    scriptKeys: string[],
    args: readonly string[],
  ): Promise<ScriptReply> {
    return deadlines.within(session.run(name, scriptKeys, [clockText(), ...args]));
  }

  async function reserve(request: ReserveRequest): Promise<ReserveAnswer> {
    const { leaseId, holds, ttlMs } = request;
    if (request.dryRun === true) return dryRun(request);
    let reply: ScriptReply;
    try {
      reply = await deadlines.within(tryReserve(request, session.run, false));
    } catch (error) {
      // It may have been held all the same.
      if (wasSent(error)) pending.add({ leaseId, amounts: undefined });
      throw error;
    }
    const { notices, rest, status } = reply;
    if (status === "granted" || status === "refused") definitions.sent(holds);
    switch (status) {
      case "granted": {
        const counterKeys = definitions.keysOf(holds);
        const untilMs = clock.monotonic() + ttlMs;
        live.add({ leaseId, holds, counterKeys, ttlMs, untilMs, endSentMs: undefined });
        return { outcome: "granted", remaining: readNumbers(rest), notices };
      }
      case "refused":
        return { outcome: "refused", refusals: readRefusals(readNumbers(rest)), notices };
      case "conflict":
        return { outcome: "conflict", notices };
      default:
        throw unavailable(
          `Redis was started or took over a moment ago; calls are admitted again in ${readPause(reply)} ms`,
        );
    }
  }

  async function dryRun(request: ReserveRequest): Promise<ReserveAnswer> {
    const counterKeys = definitions.keysOf(request.holds);
    const { meta, leases, counters, controls } = keys;
    const leaseKey = keys.leaseKey(request.leaseId);
    const scriptKeys = [meta, leases, counters, leaseKey, controls, ...counterKeys];
    const reply = await ask("peek", scriptKeys, []);
    return answerDryRun(request, counterKeys, reply);
  }

  async function control(key: string, put: Control | undefined): Promise<void> {
    const args = [key, put === undefined ? "" : controlJson(put)];
    await ask("control", [keys.meta, keys.controls], args);
  }

  async function topUp({ id, counter, amount }: TopUp): Promise<void> {
    const hold: Hold = { counter, amount, check: "never" };
    const scriptKeys = [keys.meta, keys.topUpKey(id), keys.counters, ...definitions.keysOf([hold])];
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const held = encodeHolds([hold], clock.now() + aheadMs);
      // oxlint-disable-next-line no-await-in-loop -- each follows the answer before
      const reply = await ask("topUp", scriptKeys, [held, counterJson(counter)]);
      if (reply.status !== "stale-clock") return;
      aheadMs = reply.nowMs - clock.now();
    }
    throw unavailable(NO_COMMON_TIME);
  }

  function runEnd(
    { leaseId, amounts }: PendingEnd,
    counterKeys: readonly string[],
    run: Session["run"],
  ): Promise<ScriptReply> {
    const written = amounts === undefined ? "" : encodeAmounts(amounts);
    return run(
      "end",
      [keys.meta, keys.leases, keys.leaseKey(leaseId), ...counterKeys],
      [clockText(), leaseId, written, String(ENDED_KEPT_MS)],
    );
  }

  async function sendEnd(ended: PendingEnd): Promise<StoreAnswer> {
    const { leaseId, amounts } = ended;
    const lease = live.get(leaseId);
    if (lease !== undefined) lease.endSentMs ??= clock.monotonic();
    const { notices } = await deadlines.within(
      runEnd(ended, lease?.counterKeys ?? [], session.run),
    );
    live.end(leaseId, amounts, clock.monotonic());
    return notices.length === 0 ? NOTHING_NEW : { notices };
  }

  async function end(
    leaseId: string,
    amounts: readonly number[] | undefined,
  ): Promise<StoreAnswer> {
    if (pending.has(leaseId)) return NOTHING_NEW;
    try {
      return await sendEnd({ leaseId, amounts });
    } catch (error) {
      if (error instanceof RangeError) throw error;
      diag.debug("tollgate: the end of a call waits for Redis", error);
      pending.add({ leaseId, amounts });
      return NOTHING_NEW;
    }
  }

  async function renew(leaseIds: readonly string[], ttlMs: number): Promise<void> {
    const nowMs = clock.monotonic();
    for (const id of leaseIds) live.renew(id, ttlMs, nowMs);
    for (let at = 0; at < leaseIds.length; at += RENEWED_AT_ONCE) {
      const ids = leaseIds.slice(at, at + RENEWED_AT_ONCE);
      const leaseKeys = ids.map((id) => keys.leaseKey(id));
      // oxlint-disable-next-line no-await-in-loop -- Redis does something else in between
      await ask("renew", [keys.meta, keys.leases, ...leaseKeys], [String(ttlMs), ...ids]);
    }
  }

  return {
    scope: "shared",
    reserve,
    settle: (leaseId, amounts) => end(leaseId, amounts),
    release: (leaseId) => end(leaseId, undefined),
    renew,
    control,
    topUp,
    states: () => readStates(keys, ask),
    async close() {
      const givenUp = await pending.close();
      if (givenUp.length > 0) parts.onGivenUp(givenUp);
    },
  };
}

/** Whether Redis may have heard of it. */
function wasSent(error: unknown): boolean {
  if (error instanceof RangeError || !(error instanceof Error)) return false;
  return !NEVER_SENT.has(error.constructor.name);
}

function unavailable(message: string): TollgateError {
  return new TollgateError("TOLLGATE_STORE_UNAVAILABLE", message);
}
