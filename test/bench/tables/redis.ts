import { createClient } from "@redis/client";
import type { BudgetStore, Hold } from "@tollgate/budget";
import { openRedisStore } from "@tollgate/budget/redis";
import { startRedis, type RedisServer } from "@tollgate/testkit";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

const COUNTERS = 8;
const CALLERS = 64;
const CALLS_PER_BATCH = 2_000;
const HALF_LOAD_MS = 1_000;
const HALF_LOAD_RUNS = 7;
const HELD = 600_000;
const USED = 50_000;
const LIMIT = 9_000_000_000_000_000;

const BARE = "bare Lua";
const STORE = "Redis store";

const COLUMNS: readonly Column[] = [
  { key: "callsPerSecond", title: "calls/s", digits: 0 },
  { key: "micros", title: "µs a call", digits: 0 },
  { key: "ratio", title: "of bare", digits: 2, unit: "×" },
  { key: "inRedis", title: "µs in Redis", digits: 0 },
  { key: "ratioInRedis", title: "of bare", digits: 2, unit: "×" },
  { key: "p50", title: "half load p50 ms", digits: 2 },
  { key: "p99", title: "p99 ms", digits: 2 },
];

/** The least that can be done in Redis for it: check all, write all, a lease that goes by itself. */
const BARE_RESERVE = `
local reserved = {}
for i = 2, #KEYS do
  local v = redis.call("HMGET", KEYS[i], "s", "r")
  reserved[i] = tonumber(v[2] or 0)
  if tonumber(v[1] or 0) + reserved[i] + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return 0 end
end
for i = 2, #KEYS do redis.call("HSET", KEYS[i], "r", reserved[i] + ARGV[1]) end
redis.call("SET", KEYS[1], ARGV[1], "PX", 60000)
return 1`;
const BARE_SETTLE = `
local held = redis.call("GETDEL", KEYS[1])
if not held then return 0 end
for i = 2, #KEYS do
  local v = redis.call("HMGET", KEYS[i], "s", "r")
  redis.call("HSET", KEYS[i], "s", tonumber(v[1] or 0) + ARGV[1], "r", v[2] - held)
end
return 1`;

interface RedisLane {
  readonly name: string;
  reserve(id: string): Promise<unknown>;
  settle(id: string): Promise<unknown>;
  readonly batches: number[];
  readonly latencies: Latency[];
  /** Of a call, in the scripts. */
  readonly inRedis: number[];
}

/** Reserve and settle over eight counters, beside Lua that does the least of it, on one server and client. */
export const redis: Table = {
  name: "redis",
  onDemand: true,
  async run({ rounds }) {
    const server = await startRedis();
    const client = await createClient({
      url: server.url,
      commandOptions: { timeout: 0 },
    }).connect();
    const store = openRedisStore({ url: server.url, pauseMs: 0 });
    try {
      const lanes = [await bareLane(client), storeLane(store)];
      await measureInTurns(lanes, Math.max(10, rounds / 4), server);
      const base = median(lanes[0]?.batches ?? []);
      const baseInRedis = median(lanes[0]?.inRedis ?? []);
      const rows: Row[] = [];
      for (const lane of lanes) {
        const micros = median(lane.batches);
        const p50 = median(lane.latencies.map((one) => one.p50));
        const p99 = median(lane.latencies.map((one) => one.p99));
        const callsPerSecond = 1_000_000 / micros;
        rows.push({
          name: lane.name,
          values: {
            callsPerSecond,
            micros,
            ratio: micros / base,
            inRedis: median(lane.inRedis),
            ratioInRedis: median(lane.inRedis) / baseInRedis,
            p50,
            p99,
          },
        });
      }
      return {
        title: `Redis, reserve + settle of ${COUNTERS} counters, ${CALLERS} at once`,
        columns: COLUMNS,
        rows,
        notes: lanes.map(spreadOf),
        targets: judge(rows, TARGETS),
      };
    } finally {
      await store.close();
      client.destroy();
      await server.stop();
    }
  },
};

const TARGETS: readonly Target[] = [
  // A fleet has many clients and one Redis: that its scripts are quick is what counts most.
  {
    what: "80 % of bare Lua in Redis",
    row: STORE,
    column: "ratioInRedis",
    atMost: 1.25,
    unit: "×",
  },
  {
    what: "80 % of bare Lua, client included",
    row: STORE,
    column: "ratio",
    atMost: 1.25,
    unit: "×",
  },
  { what: "p99 at half load", row: STORE, column: "p99", atMost: 1, unit: "ms" },
];

interface BareClient {
  scriptLoad(script: string): Promise<unknown>;
  evalSha(sha: string, call: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

async function bareLane(client: BareClient): Promise<RedisLane> {
  const reserveSha = String(await client.scriptLoad(BARE_RESERVE));
  const settleSha = String(await client.scriptLoad(BARE_SETTLE));
  const counters = Array.from(
    { length: COUNTERS },
    (_, index) => `{bare}:counter:${nameOf(index)}`,
  );
  const keys = (id: string): string[] => [`{bare}:lease:${id}`, ...counters];
  return {
    name: BARE,
    reserve: (id) =>
      client.evalSha(reserveSha, { keys: keys(id), arguments: [String(HELD), String(LIMIT)] }),
    settle: (id) => client.evalSha(settleSha, { keys: keys(id), arguments: [String(USED)] }),
    batches: [],
    latencies: [],
    inRedis: [],
  };
}

function nameOf(index: number): string {
  return `budget-${index}|usd|day@UTC|acme`;
}

function storeLane(store: BudgetStore): RedisLane {
  const counters = Array.from({ length: COUNTERS }, (_, index): Hold["counter"] => ({
    key: nameOf(index),
    budget: `budget-${index}`,
    unit: "usd",
    scope: { organization: "acme" },
    limit: LIMIT,
    window: { kind: "calendar", period: "day", timezone: "UTC" },
    alertAmounts: [LIMIT / 2, LIMIT],
    controls: [`budget-${index}`],
  }));
  const amounts = counters.map(() => USED);
  return {
    name: STORE,
    reserve: async (leaseId) =>
      store.reserve({
        leaseId,
        ttlMs: 60_000,
        holds: counters.map((counter): Hold => ({ counter, amount: HELD, check: "fit" })),
      }),
    settle: async (leaseId) => store.settle(leaseId, amounts),
    batches: [],
    latencies: [],
    inRedis: [],
  };
}

let calls = 0;

async function microsPerCall(lane: RedisLane): Promise<number> {
  let left = CALLS_PER_BATCH;
  const startedMs = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (left-- > 0) {
        const id = `call-${calls++}`;
        // oxlint-disable-next-line no-await-in-loop -- one caller
        await lane.reserve(id);
        // oxlint-disable-next-line no-await-in-loop
        await lane.settle(id);
      }
    }),
  );
  return ((performance.now() - startedMs) * 1_000) / CALLS_PER_BATCH;
}

/** The one after the other, again and again: what else the machine does hits both. */
async function measureInTurns(
  lanes: readonly RedisLane[],
  rounds: number,
  server: RedisServer,
): Promise<void> {
  const inTurn = (round: number): readonly RedisLane[] =>
    round % 2 === 0 ? lanes : lanes.toReversed();
  for (let round = -2; round < rounds; round++) {
    for (const lane of inTurn(round)) {
      await server.command("CONFIG", "RESETSTAT");
      const micros = await microsPerCall(lane);
      if (round < 0) continue;
      lane.batches.push(micros);
      lane.inRedis.push(scriptMicros(await server.command("INFO", "commandstats")));
    }
  }
  for (let run = 0; run < HALF_LOAD_RUNS; run++) {
    for (const lane of inTurn(run)) {
      lane.latencies.push(await latency(lane, 500_000 / median(lane.batches)));
    }
  }
}

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/**
 * Of reservations, milliseconds, at so many calls per second whatever the answers take. Each counts from when it was
 * due; a timer would send a dozen at once, so the event loop is turned until the next is.
 */
async function latency(lane: RedisLane, perSecond: number): Promise<Latency> {
  const taken: number[] = [];
  const stepMs = 1_000 / perSecond;
  const startedMs = performance.now();
  let sent = 0;
  let ended = 0;
  const call = async (dueMs: number): Promise<void> => {
    const id = `call-${calls++}`;
    await lane.reserve(id);
    taken.push(performance.now() - dueMs);
    await lane.settle(id);
    ended++;
  };
  while (sent * stepMs < HALF_LOAD_MS || ended < sent) {
    const passedMs = Math.min(performance.now() - startedMs, HALF_LOAD_MS);
    for (; sent * stepMs < passedMs; sent++) void call(startedMs + sent * stepMs);
    // oxlint-disable-next-line no-await-in-loop -- lets answers in
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  taken.sort((a, b) => a - b);
  const at = (share: number): number => taken[Math.floor((taken.length - 1) * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Two scripts are one call. */
function scriptMicros(commandStats: string): number {
  const perScript = /cmdstat_evalsha:.*?usec_per_call=([\d.]+)/.exec(commandStats)?.[1];
  return 2 * Number(perScript);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** How far the runs lie apart, which says what a figure is worth on this machine. */
function spreadOf({ name, batches, latencies }: RedisLane): string {
  const p99s = latencies.map(({ p99 }) => p99);
  return `${name}: µs a call ${range(batches, 0)}; p99 at half load ${range(p99s, 2)} ms in ${p99s.length} runs`;
}

function range(values: readonly number[], digits: number): string {
  return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
}
