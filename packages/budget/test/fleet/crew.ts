import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "@tollgate/testkit";
import type { Command, Reply } from "./protocol.ts";

/** A process that does what it is told. */
export interface Worker {
  /** @returns `undefined` once it has been killed. */
  ask(command: Command): Promise<Reply | undefined>;
  /** By signal 9, whatever it is doing. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Hears of each call that has left; the last listener does. */
  onSent(listener: () => void): void;
  readonly killed: boolean;
}

/** Worker processes that are used for one run after another: starting one takes longer than a run. */
export interface Crew {
  take(): Worker;
  giveBack(worker: Worker): void;
  close(): Promise<void>;
}

const SPARES = 2;
/** Workers start in half the time where another one has left what it compiled. */
const COMPILED = join(tmpdir(), "tollgate-fleet-compiled");

export function createCrew(): Crew {
  const idle: Worker[] = [];
  const all = new Set<Worker>();

  function start(): Worker {
    const worker = startWorker();
    all.add(worker);
    return worker;
  }

  return {
    take() {
      const worker = idle.pop() ?? start();
      // Whoever replaces one that is killed need not be waited for.
      if (idle.length < SPARES) idle.unshift(start());
      return worker;
    },
    giveBack(worker) {
      if (worker.killed) all.delete(worker);
      else idle.push(worker);
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.kill()));
    },
  };
}

function startWorker(): Worker {
  const child = runNode({
    script: join(import.meta.dirname, "worker.ts"),
    nodeArgs: ["--conditions=source"],
    env: { NODE_COMPILE_CACHE: COMPILED },
  });
  const waiting: ((reply: Reply | undefined) => void)[] = [];
  let heard: (() => void) | undefined;
  let killed = false;
  let failure: Error | undefined;
  child.onLine((line) => {
    if (line === "sent") return heard?.();
    const reply: Reply = JSON.parse(line);
    waiting.shift()?.(reply);
  });
  async function untilGone(): Promise<void> {
    const { stderr } = await child.exited;
    if (!killed) failure = new Error(`a worker ended by itself: ${stderr}`);
    for (const resolve of waiting.splice(0)) resolve(undefined);
  }
  void untilGone();

  return {
    async ask(command) {
      const reply = await new Promise<Reply | undefined>((resolve) => {
        if (killed || failure !== undefined) return resolve(undefined);
        waiting.push(resolve);
        child.write(`${JSON.stringify(command)}\n`);
      });
      if (failure !== undefined) throw failure;
      return reply;
    },
    async kill() {
      killed = true;
      child.kill("SIGKILL");
      await child.exited;
    },
    onSent(listener) {
      heard = listener;
    },
    get killed() {
      return killed;
    },
  };
}
