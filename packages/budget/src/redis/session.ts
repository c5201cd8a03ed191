import type { StoreNotice } from "../store/store.ts";
import type { Connection, RedisScriptClient } from "./connection.ts";
import type { KeySpace } from "./key-space.ts";
import { readNumbers, readReply, type ScriptReply } from "./read-reply.ts";
import { ENTER_TEXT, scriptsFor, type Script, type ScriptName } from "./scripts/index.ts";

/** Runs scripts in one key space, on whatever server has it. */
export interface Session {
  /** `args` without the epoch, which stands before them. */
  run(name: ScriptName, keys: string[], args: readonly string[]): Promise<ScriptReply>;
  /** Finds out which server this is, if anyone knew another: asks only for what is unknown. */
  visit(): Promise<void>;
}

export interface SessionOptions {
  readonly connection: Connection;
  readonly keys: KeySpace;
  /** The time that scripts take, or empty for their server's. */
  readonly clockText: () => string;
  readonly pauseMs: number;
  /**
   * Hears that the server may have lost what was held, before anything else is asked of it. Runs scripts by
   * `run`, which does not look for another epoch again.
   */
  readonly onNewEpoch: (run: Session["run"]) => Promise<void>;
}

interface Visit {
  readonly client: RedisScriptClient;
  readonly epoch: string;
  readonly scripts: Readonly<Record<ScriptName, Script>>;
}

const MOST_VISITS = 4;

export function createSession(options: SessionOptions): Session {
  const { connection, keys, clockText, pauseMs, onNewEpoch } = options;
  let visit: Visit | undefined;
  let entering: Promise<Visit> | undefined;

  /** Once for all that wait for it. */
  function enter(): Promise<Visit> {
    entering ??= enterNow().finally(() => (entering = undefined));
    return entering;
  }

  async function enterNow(): Promise<Visit> {
    const client = await connection.client;
    const known = visit?.epoch ?? "";
    const nonce = Math.random().toString(36).slice(2, 10);
    const answer = await client
      .eval(ENTER_TEXT, {
        keys: [keys.meta],
        arguments: [clockText(), String(pauseMs), nonce, known],
      })
      .catch(failed);
    const [, epoch, server]: unknown[] = Array.isArray(answer) ? answer : [];
    if (typeof epoch !== "string" || typeof server !== "string") {
      throw new Error("Redis did not say which server it is");
    }
    const entered = { client, epoch, scripts: scriptsFor(server) };
    if (known !== "" && known !== epoch) {
      await onNewEpoch((name, scriptKeys, args) => call(client, entered, name, scriptKeys, args));
    }
    visit = entered;
    return entered;
  }

  function failed(error: unknown): never {
    if (isReplica(error)) connection.reconnect();
    throw error;
  }

  /** Nearly always the server is the one that was visited and knows the script: one promise does then. */
  function run(
    name: ScriptName,
    scriptKeys: string[],
    args: readonly string[],
  ): Promise<ScriptReply> {
    if (visit === undefined) return runWithCare(name, scriptKeys, args);
    const { client, epoch, scripts } = visit;
    const given = { keys: scriptKeys, arguments: [epoch, ...args] };
    return client.evalSha(scripts[name].sha, given).then(
      (answer) => {
        const reply = readReply(answer);
        return reply.status === "enter"
          ? runWithCare(name, scriptKeys, args, reply.notices)
          : reply;
      },
      (error: unknown) =>
        isUnknownScript(error) ? runWithCare(name, scriptKeys, args) : failed(error),
    );
  }

  /** @param before - what was told already. */
  async function runWithCare(
    name: ScriptName,
    scriptKeys: string[],
    args: readonly string[],
    before?: readonly StoreNotice[],
  ): Promise<ScriptReply> {
    const client = await connection.client;
    let told = before;
    for (let visits = 0; visits < MOST_VISITS; visits++) {
      /* oxlint-disable no-await-in-loop -- each follows the answer before */
      const current = visit ?? (await enter());
      const reply = await callOrLoad(client, current, name, scriptKeys, args);
      if (reply !== undefined && reply.status !== "enter") {
        return told === undefined ? reply : { ...reply, notices: [...told, ...reply.notices] };
      }
      if (reply !== undefined) told = [...(told ?? []), ...reply.notices];
      if (visit === current) await enter();
      /* oxlint-enable no-await-in-loop */
    }
    throw new Error("Redis is another server again and again");
  }

  /** @returns `undefined` when the server does not know our scripts and is not the one we knew. */
  async function callOrLoad(
    client: RedisScriptClient,
    current: Visit,
    name: ScriptName,
    scriptKeys: string[],
    args: readonly string[],
  ): Promise<ScriptReply | undefined> {
    const { sha } = current.scripts[name];
    try {
      const given = { keys: scriptKeys, arguments: [current.epoch, ...args] };
      return readReply(await client.evalSha(sha, given));
    } catch (error) {
      if (!isUnknownScript(error)) return failed(error);
    }
    const entered = visit === current ? await enter() : (visit ?? (await enter()));
    if (entered.epoch !== current.epoch) return undefined;
    return call(client, entered, name, scriptKeys, args);
  }

  return {
    run,
    async visit() {
      if (visit !== undefined) await enter();
    },
  };
}

async function call(
  client: RedisScriptClient,
  { epoch, scripts }: Visit,
  name: ScriptName,
  keys: string[],
  args: readonly string[],
): Promise<ScriptReply> {
  const { text } = scripts[name];
  return readReply(await client.eval(text, { keys, arguments: [epoch, ...args] }));
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOSCRIPT");
}

function isReplica(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("READONLY");
}

/** When admission goes on, as a refusing script says. */
export function readPause({ rest, nowMs }: ScriptReply): number {
  return (readNumbers(rest)[0] ?? nowMs) - nowMs;
}
