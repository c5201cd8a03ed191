import { diag } from "@opentelemetry/api";
import { TollgateError, type Clock } from "@tollgate/core";
import type {
  Control,
  Hold,
  ReserveAnswer,
  ReserveRequest,
  StoreAnswer,
  StoreNotice,
  StoreStates,
  TopUp,
} from "../store/store.ts";
import { wasSent, type Connection } from "./connection.ts";
import { counterJson } from "./counter-json.ts";
import { createDefinitions } from "./definitions.ts";
import type { Deadlines } from "./deadlines.ts";
import { createHoldEncoder, encodeAmounts } from "./encode-holds.ts";
import { readControlSet, type ControlSet } from "./control-set.ts";
import { answerDryRun } from "./dry-run.ts";
import { createKeySpace, type KeySpace } from "./key-space.ts";
import { createLiveLeases, type LiveLease } from "./live-leases.ts";
import type { PendingEnd, PendingEnds } from "./pending-ends.ts";
import { readNumbers, readRefusals, type ScriptReply } from "./read-reply.ts";
import { readStates } from "./read-states.ts";
import type { ScriptName } from "./scripts/index.ts";
import { controlJson } from "./stored-controls.ts";
import { createSession, readPause, type Session } from "./session.ts";

export interface PartitionParts {
  readonly connection: Connection;
  readonly deadlines: Deadlines;
  /** The hash tag of all its keys. */
  readonly tag: string;
  readonly clock: Clock;
  /** Scripts take this clock's time in place of their server's. */
  readonly clockDecides: boolean;
  readonly pauseMs: number;
  /** What ends of its leases are filed under. */
  readonly name: string | undefined;
  readonly pending: PendingEnds;
  /** Hears when the server may have lost what it had. */
  readonly onNewEpoch: () => void;
}

/** Budgets in the keys of one hash tag. Ends that cannot be sent are left to `pending`. */
export interface Partition {
  reserve(request: ReserveRequest): Promise<ReserveAnswer>;
  end(leaseId: string, amounts: readonly number[] | undefined): Promise<StoreAnswer>;
  /** @throws what the client throws while Redis is away. */
  sendEnd(end: PendingEnd): Promise<StoreAnswer>;
  renew(leaseIds: readonly string[], ttlMs: number): Promise<void>;
  /** @returns all controls from then on. */
  control(key: string, control: Control | undefined): Promise<ControlSet>;
  /** Takes these in place of its own, unless it has later ones. */
  putControls(controls: ControlSet): Promise<void>;
  topUp(topUp: TopUp): Promise<void>;
  states(): Promise<StoreStates>;
  /** Runs a script on keys of the partition. */
  readonly ask: Ask;
  readonly keys: KeySpace;
  /** Whether it holds nothing for this process. */
  isIdle(): boolean;
  close(): void;
}

export type Ask = (
  name: ScriptName,
  scriptKeys: string[],
  args: readonly string[],
) => Promise<ScriptReply>;

/** How often one reservation may be asked again: for the clock, for definitions, and once more for either. */
const MOST_TRIES = 5;
/** For how long an end whose answer was lost may be sent again and change nothing. */
const ENDED_KEPT_MS = 120_000;
const RENEWED_AT_ONCE = 200;
const NO_COMMON_TIME = "Redis and this process did not agree on the time";
const NOTHING_NEW: StoreAnswer = { notices: [] };

export function createPartition(parts: PartitionParts): Partition {
  const { connection, deadlines, clock, clockDecides, pending, name: partition } = parts;
  const keys = createKeySpace(parts.tag);
  const encodeHolds = createHoldEncoder();
  const definitions = createDefinitions(keys);
  const live = createLiveLeases();
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
  const stopListening = connection.onReady(() => void cameBack());

  async function cameBack(): Promise<void> {
    try {
      await deadlines.within(session.visit());
    } catch (error) {
      diag.debug("tollgate: Redis was gone again at once", error);
    }
  }

  /** Holds again what a server that was started or took over may have lost, and ends again what has just ended. */
  async function restore(run: Session["run"]): Promise<void> {
    parts.onNewEpoch();
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
    await tryReserve({ ...lease, holds }, lease.counterKeys, run, true);
  }

  /** Asks until clock and definitions are agreed on. */
  async function tryReserve(
    { leaseId, ttlMs, holds, evenFrozen = false }: ReserveRequest,
    counterKeys: readonly string[],
    run: Session["run"],
    restoring: boolean,
  ): Promise<ScriptReply> {
    const scriptKeys = [keys.meta, keys.leases, keys.leaseKey(leaseId), ...counterKeys];
    const mode = restoring ? "live" : evenFrozen ? "even-frozen" : "";
    let told: readonly StoreNotice[] = [];
    let definitionsAsked = restoring;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const held = encodeHolds(holds, clock.now() + aheadMs);
      const missing = definitions.missing(holds, definitionsAsked);
      const args = [clockText(), leaseId, String(ttlMs), mode, held, ...missing];
      // oxlint-disable-next-line no-await-in-loop -- each follows the answer before
      const reply = await run("reserve", scriptKeys, args);
      if (reply.status === "define") definitionsAsked = true;
      else if (reply.status === "stale-clock") aheadMs = reply.nowMs - clock.now();
      else if (told.length === 0) return reply;
      else return { ...reply, notices: [...told, ...reply.notices] };
      told = [...told, ...reply.notices];
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
    const counterKeys = definitions.keysOf(holds);
    let reply: ScriptReply;
    try {
      reply = await deadlines.within(tryReserve(request, counterKeys, session.run, false));
    } catch (error) {
      // It may have been held all the same.
      if (wasSent(error)) pending.add({ leaseId, amounts: undefined, partition });
      throw error;
    }
    const { notices, rest, status } = reply;
    if (status === "granted" || status === "refused") definitions.sent(holds);
    switch (status) {
      case "granted": {
        const untilMs = clock.monotonic() + ttlMs;
        pending.begun(leaseId, partition);
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

  async function control(key: string, put: Control | undefined): Promise<ControlSet> {
    const args = [key, put === undefined ? "" : controlJson(put)];
    return readControlSet((await ask("control", [keys.meta, keys.controls], args)).rest);
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
    { leaseId, amounts }: Omit<PendingEnd, "partition">,
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
    if (pending.has(leaseId, partition)) return NOTHING_NEW;
    const ended = { leaseId, amounts, partition };
    pending.sending(ended);
    try {
      return await sendEnd(ended);
    } catch (error) {
      if (error instanceof RangeError) throw error;
      diag.debug("tollgate: the end of a call waits for Redis", error);
      pending.add(ended);
      return NOTHING_NEW;
    } finally {
      pending.sent(ended);
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
    reserve,
    end,
    sendEnd,
    renew,
    control,
    async putControls({ version, fields }) {
      await ask("putControls", [keys.meta, keys.controls], [String(version), ...fields]);
    },
    topUp,
    states: () => readStates(keys, ask),
    ask,
    keys,
    isIdle: () => live.alive(clock.monotonic()).length === 0,
    close: () => stopListening(),
  };
}

function unavailable(message: string): TollgateError {
  return new TollgateError("TOLLGATE_STORE_UNAVAILABLE", message);
}
