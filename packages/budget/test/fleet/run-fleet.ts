import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Crew, Worker } from "./crew.ts";
import type { FleetPlan } from "./plan.ts";
import type { Command, Reply } from "./protocol.ts";
import type { RestartingRedis } from "./restarts.ts";
import type { Address } from "./stores.ts";

/** A server that is stopped and started again in the middle of a run. */
export type Restarting = Pick<RestartingRedis, "mark" | "restart">;

export interface FleetRun {
  readonly folder: string;
  readonly workers: readonly WorkerRun[];
  /** When the server was gone and when it was there again; the machine's clock. */
  readonly restarted: { readonly fromMs: number; readonly untilMs: number } | undefined;
  /** After the leases of all calls that were killed or forgotten have expired, and late ones were settled. */
  readonly spent: ReadonlyMap<string, number>;
  readonly reservedAfterTtl: number;
  readonly reservedAfterTwoTtl: number;
}

export interface WorkerRun {
  readonly record: string;
  readonly journal: string;
  readonly killed: boolean;
}

const TTL_MS = 60_000;
/** For how long a store may admit nothing after its server was started. */
const PAUSE_MS = 20_000;
const NOON = Date.UTC(2026, 2, 4, 12);

interface Post {
  readonly worker: Worker;
  readonly record: string;
  readonly journal: string;
}

/** Lets a fleet of processes spend as planned, and asks the store what it makes of it. */
export async function runFleet(
  crew: Crew,
  where: { readonly store: string; readonly address: Address; readonly folder: string },
  plan: FleetPlan,
  server?: Restarting,
): Promise<FleetRun> {
  const { store, address, folder } = where;
  // A whole day lies around every run: none crosses midnight.
  let aheadMs = NOON - Date.now();
  const posts: Post[] = [];
  const dying: Promise<void>[] = [];
  let sent = 0;
  let restarting: Promise<FleetRun["restarted"]> | undefined;

  async function begin(seat: number): Promise<Worker> {
    const name = `${plan.seed}-${posts.length}`;
    const worker = crew.take();
    const files = { record: join(folder, `${name}.txt`), journal: join(folder, `${name}.jsonl`) };
    // It may be killed before it makes them.
    for (const file of Object.values(files)) writeFileSync(file, "");
    posts.push({ worker, ...files });
    seats[seat] = worker;
    worker.onSent(onSent);
    const seed = plan.seed * 1_000 + posts.length * 2;
    const { orderly } = plan;
    await worker.ask({ do: "begin", store, address, seed, orderly, name, files, aheadMs });
    return worker;
  }

  /** Who sits where; who is killed is replaced. */
  const seats: Worker[] = [];
  const work: Promise<void>[] = [];

  function onSent(): void {
    sent++;
    for (const { worker, afterSent } of plan.kills) {
      const victim = seats[worker];
      if (afterSent !== sent || victim === undefined || victim.killed) continue;
      dying.push(victim.kill());
      const calls = Math.ceil(plan.callsPerProcess / 2);
      work.push(begin(worker).then((successor) => spend(successor, calls)));
    }
    if (sent === plan.markAfterSent) server?.mark();
    if (sent === plan.restartAfterSent && server !== undefined) restarting = timed(server);
  }

  const alive = (): readonly Worker[] =>
    posts.map(({ worker }) => worker).filter(({ killed }) => !killed);
  const tell = (command: Command): Promise<unknown> =>
    Promise.all(alive().map((worker) => worker.ask(command)));
  async function advance(byMs: number): Promise<void> {
    aheadMs += byMs;
    await tell({ do: "advance", byMs });
  }
  async function states(of = alive()[0]): Promise<NonNullable<Reply["states"]>> {
    return (await of?.ask({ do: "states" }))?.states ?? [];
  }
  async function readAnew(): Promise<NonNullable<Reply["states"]>> {
    const reader = await begin(0);
    const read = await states(reader);
    await reader.ask({ do: "end" });
    return read;
  }
  /** Whoever is alive finds the server and says what its calls hold; then the pause ends. */
  async function admit(): Promise<void> {
    await tell({ do: "states" });
    await advance(PAUSE_MS + 1);
  }
  async function done(): Promise<void> {
    for (let each = work.shift(); each !== undefined; each = work.shift()) await each;
  }

  const first = await Promise.all(Array.from({ length: plan.processes }, (_, seat) => begin(seat)));
  await admit();
  for (const worker of first) work.push(spend(worker, plan.callsPerProcess));
  await done();
  const restarted = await restarting;
  if (restarted !== undefined) {
    await admit();
    for (const worker of alive()) work.push(spend(worker, plan.callsPerProcess));
    await done();
  }
  await Promise.all(dying);

  await advance(TTL_MS);
  const reservedAfterTtl = await leftReserved(states);
  await tell({ do: "settleLate" });
  await advance(TTL_MS);
  const reservedAfterTwoTtl = await leftReserved(states);
  // The books of one process go with it; ends that wait for a server are sent at the latest when a store is closed.
  const before = await states();
  await tell({ do: "end" });
  const last = plan.processes === 1 ? before : await readAnew();
  const spent = new Map(last.map(({ counter, spent: of }) => [counter.key, of]));
  const workers = posts.map(({ worker, record, journal }) => {
    return { record, journal, killed: worker.killed };
  });
  for (const { worker } of posts) crew.giveBack(worker);
  return { folder, workers, restarted, spent, reservedAfterTtl, reservedAfterTwoTtl };
}

async function timed({ restart }: Restarting): Promise<{ fromMs: number; untilMs: number }> {
  const fromMs = Date.now();
  await restart();
  return { fromMs, untilMs: Date.now() };
}

async function spend(worker: Worker, calls: number): Promise<void> {
  await worker.ask({ do: "spend", calls });
}

/** Stores let go of a hundred leases or so at a time. */
const MOST_SWEEPS = 200;

/** @returns what is still reserved in all counters when a store has let go of all that it will. */
async function leftReserved(states: () => Promise<NonNullable<Reply["states"]>>): Promise<number> {
  let reserved = Number.NaN;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    reserved = (await states()).reduce((sum, state) => sum + state.reserved, 0);
    if (reserved === 0) break;
  }
  return reserved;
}
