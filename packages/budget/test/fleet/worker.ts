/**
 * One process of a fleet, started by tests. Does what it is told on stdin, as `protocol.ts` says it.
 */
import { createInterface } from "node:readline";
import { openSync, writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { setImmediate as turn } from "node:timers/promises";
import { systemClock, type Clock } from "@tollgate/core";
import {
  createBudgetProcessor,
  type BudgetCall,
  type BudgetLease,
  type BudgetProcessor,
  type BudgetStore,
} from "../../src/index.ts";
import { chain } from "../../src/store/maybe-promise.ts";
import { NO_AGGREGATES } from "../budget-call.ts";
import {
  AGENT_LIMIT_USD,
  AGENTS,
  FLEET_LIMIT_USD,
  finenessOf,
  planCalls,
  type CallPlan,
} from "./plan.ts";
import type { Command, RecordKind, Reply } from "./protocol.ts";
import { storeNamed } from "./stores.ts";

type Begin = Extract<Command, { do: "begin" }>;

interface Session {
  spend(calls: number): Promise<void>;
  settleLate(): Promise<void>;
  advance(byMs: number): Promise<void>;
  states(): Promise<Reply["states"]>;
  end(): Promise<void>;
}

/** After so long a call that was forgotten is no longer kept alive. */
const MAX_LEASE_MS = 30_000;

async function begin(command: Begin): Promise<Session> {
  const { name, files, address } = command;
  let { aheadMs } = command;
  const clock: Clock = {
    ...systemClock,
    now: () => Date.now() + aheadMs,
    monotonic: () => performance.now() + aheadMs,
  };
  const record = openSync(files.record, "a");
  const journal = openSync(files.journal, "a");
  const write = (what: RecordKind, id: string, amount: number, more = ""): void =>
    void writeSync(record, `${what} ${id} ${amount} ${Date.now()} ${more}\n`);

  const saidTwice = new Set<string>();
  const kind = storeNamed(command.store);
  const finer = finenessOf(kind);
  const store = await kind.open(address, clock);
  const processor: BudgetProcessor = createBudgetProcessor({
    store: repeating(store, saidTwice),
    clock,
    aggregates: NO_AGGREGATES,
    maxLeaseMs: MAX_LEASE_MS,
    onJournal: (event) => void writeSync(journal, `${JSON.stringify(event)}\n`),
    policies: [
      { id: "fleet", guarantee: "hard", window: "total", limit: { usd: FLEET_LIMIT_USD } },
      {
        id: "agent",
        each: ["agent"],
        guarantee: "hard",
        window: "day",
        limit: { usd: AGENT_LIMIT_USD },
      },
    ],
  });
  const late: (() => Promise<void>)[] = [];
  let seed = command.seed;

  async function make(plan: CallPlan, id: string, retries = plan.retries): Promise<void> {
    await turns(plan.startTurns);
    if (plan.saidTwice) saidTwice.add(id);
    write("asked", id, plan.most, plan.agent);
    const call = callOf(plan, id);
    const answer = processor.reserve(call);
    const when = answer instanceof Promise ? "" : "at-once";
    const decision = await answer;
    if (!decision.granted) return retries > 0 ? make(plan, `${id}+`, retries - 1) : undefined;
    const { lease } = decision;
    if (plan.fate === "unbilled") return free(lease);
    write("sent", id, plan.cost, when);
    process.stdout.write("sent\n");
    // Asked again while it is under way, it has its lease already.
    if (plan.saidTwice) await processor.reserve(call);
    await turns(plan.latencyTurns);
    if (plan.fate === "late") late.push(() => settle(plan, lease));
    else if (plan.fate !== "forgotten") await settle(plan, lease);
  }

  async function settle({ cost }: CallPlan, lease: BudgetLease): Promise<void> {
    await lease.settle({ nanoUsd: cost, tokens: 1 });
    write("ended", lease.id, cost);
  }

  async function free(lease: BudgetLease): Promise<void> {
    await lease.release();
    write("freed", lease.id, 0);
  }

  /** Whoever takes ahead looks after that with every question. */
  async function look(): Promise<void> {
    if (kind.takesAhead !== true) return;
    for (const agent of AGENTS) {
      // oxlint-disable-next-line no-await-in-loop -- where one fails, all do
      await processor.check(callOf({ agent, most: 0 }, `${name}-look`));
    }
  }

  return {
    async spend(calls) {
      const { orderly } = command;
      const plans = planCalls(seed, calls, { orderly, finer });
      const round = seed++;
      const atATime = Math.ceil(calls / finer);
      const lane = async (first: number): Promise<void> => {
        for (let at = first; at < calls; at += atATime) {
          const plan = plans[at];
          // oxlint-disable-next-line no-await-in-loop -- one call after the other
          if (plan !== undefined) await make(plan, `${name}-${round}-${at}`);
        }
      };
      await Promise.all(Array.from({ length: atATime }, (_, first) => lane(first)));
    },
    async settleLate() {
      await Promise.all(late.splice(0).map((each) => each()));
    },
    async advance(byMs) {
      aheadMs += byMs;
      await look();
    },
    async states() {
      await look();
      for (;;) {
        try {
          return (await store.states()).states;
        } catch {
          // It is away; the client finds it again.
          await systemClock.sleep(20);
        }
      }
    },
    end: () => processor.shutdown(),
  };
}

async function turns(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed++) await turn();
}

function callOf({ agent, most }: Pick<CallPlan, "agent" | "most">, id: string): BudgetCall {
  const amounts = { nanoUsd: most, tokens: 1 };
  return {
    id,
    attribution: { agent },
    provider: "openai",
    model: "gpt-5",
    expected: () => amounts,
    bound: () => amounts,
  };
}

/** Says some operations twice. Nothing may come of it. */
function repeating(store: BudgetStore, saidTwice: ReadonlySet<string>): BudgetStore {
  return {
    ...store,
    reserve: (request) =>
      chain(store.reserve(request), (answer) => {
        const { leaseId } = request;
        if (answer.outcome !== "granted" || !saidTwice.has(leaseId)) return answer;
        const repeated = store.reserve(request);
        if (!(repeated instanceof Promise)) return answer;
        return repeated.then(
          () => answer,
          // Who never hears of its lease does not use it.
          async (error: unknown) => {
            await store.release(leaseId);
            throw error;
          },
        );
      }),
    settle: (leaseId, amounts) =>
      chain(store.settle(leaseId, amounts), (answer) => {
        if (!saidTwice.has(leaseId)) return answer;
        return chain(store.settle(leaseId, amounts), () => answer);
      }),
  };
}

// It may be killed before it could at its end.
flushCompileCache();
let session: Session | undefined;

async function obey(command: Command): Promise<Reply> {
  const { do: did } = command;
  if (command.do === "begin") session = await begin(command);
  else if (command.do === "spend") await session?.spend(command.calls);
  else if (command.do === "settleLate") await session?.settleLate();
  else if (command.do === "advance") await session?.advance(command.byMs);
  else if (command.do === "end") await session?.end();
  else return { did, states: (await session?.states()) ?? [] };
  return { did };
}

for await (const line of createInterface({ input: process.stdin })) {
  const command: Command = JSON.parse(line);
  const reply = await obey(command);
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
