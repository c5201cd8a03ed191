import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { createAppend } from "./append.ts";
import { readEnding, writeEnding, type Ending } from "./ending.ts";

/** Ends of leases that their store could not take yet, in files beside each other: one JSON line each. */
export interface Outbox {
  /**
   * Writes them down, without giving the event loop a turn: they are on the disk when it returns.
   *
   * @throws Error when they cannot be written.
   */
  put(endings: readonly Ending[]): void;
  /**
   * Writes them down beside the event loop: they are on the disk when it resolves. One at a time.
   *
   * @throws Error when they cannot be written.
   */
  append(endings: readonly Ending[]): Promise<void>;
  /**
   * Hands everything that waits to the store, each file in one process only. What the store takes is deleted; a
   * file with a line that makes no sense, such as one cut off half-way, is kept as `.unread`.
   *
   * @param atOnce - how many may be under way, one file after the other. @defaultValue all, in this turn of the event loop
   * @returns how many endings the store took.
   * @throws what the store throws; everything waits on then.
   */
  replay(end: (ending: Ending) => Promise<unknown>, atOnce?: number): Promise<number>;
}

/** A file that a process claimed, or began, and left for so long is anybody's: that process is gone. */
const ABANDONED_MS = 60_000;

/** @param path - what the names of its files begin with; the folder is made when something is written. */
export function openOutbox(path: string): Outbox {
  const folder = dirname(path);
  const prefix = `${basename(path)}-`;
  const newName = (): string =>
    // A process may open it more than once, and containers that share a folder have the same ids.
    `${path}-${Date.now()}-${process.pid}-${randomBytes(6).toString("hex")}`;
  const append = createAppend(newName);

  function waiting(): string[] {
    return namesIn(folder)
      .filter((name) => name.startsWith(prefix))
      .toSorted()
      .map((name) => join(folder, name));
  }

  return {
    append,
    put(endings) {
      const name = newName();
      mkdirSync(folder, { recursive: true });
      // What is being written is nobody else's to read.
      writeDurably(`${name}.part`, endings.map(writeEnding).join(""));
      renameSync(`${name}.part`, `${name}.jsonl`);
      syncFolder(folder);
    },
    async replay(end, atOnce = Number.POSITIVE_INFINITY) {
      let count = 0;
      if (atOnce < Number.POSITIVE_INFINITY) {
        for (const file of waiting()) {
          const claimed = claim(file);
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          if (claimed !== undefined) count += await replayFile(claimed, end, atOnce);
        }
        return count;
      }
      // All are claimed and asked for in this turn of the event loop, before anything else is.
      const replays = waiting().flatMap((file) => {
        const claimed = claim(file);
        return claimed === undefined ? [] : [replayFile(claimed, end, atOnce)];
      });
      for (const result of await Promise.allSettled(replays)) {
        if (result.status === "rejected") throw result.reason;
        count += result.value;
      }
      return count;
    },
  };
}

async function replayFile(
  claimed: string,
  end: (ending: Ending) => Promise<unknown>,
  atOnce: number,
): Promise<number> {
  const lines = readFileSync(claimed, "utf8").split("\n");
  const endings = lines.map(readEnding).filter((ending) => ending !== undefined);
  const unread = lines.filter((line) => line !== "").length - endings.length;
  try {
    for (let at = 0; at < endings.length; at += atOnce) {
      if (at > 0) touch(claimed);
      // oxlint-disable-next-line no-await-in-loop -- not more at once
      await Promise.all(endings.slice(at, at + atOnce).map(end));
    }
  } catch (error) {
    renameSync(claimed, `${stemOf(claimed)}.jsonl`);
    throw error;
  }
  if (unread === 0) rmSync(claimed, { force: true });
  else renameSync(claimed, `${stemOf(claimed)}.unread`);
  return endings.length;
}

/** Takes a file for this process; only one gets it. */
function claim(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || !(file.endsWith(".jsonl") || isAbandoned(file, found.mtimeMs))) {
    return undefined;
  }
  const claimed = `${stemOf(file)}.${process.pid}.claimed`;
  try {
    touch(file);
    renameSync(file, claimed);
    return claimed;
  } catch {
    // Another process was first.
    return undefined;
  }
}

/** Others see that somebody is at it. */
function touch(file: string): void {
  const now = new Date();
  utimesSync(file, now, now);
}

function isAbandoned(file: string, writtenMs: number): boolean {
  const begun = file.endsWith(".part") || file.endsWith(".claimed");
  return begun && Date.now() - writtenMs > ABANDONED_MS;
}

function stemOf(file: string): string {
  return file.replace(/(\.\d+)?\.(jsonl|part|claimed)$/, "");
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function writeDurably(file: string, text: string): void {
  const descriptor = openSync(file, "a", 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** A new name is durable when its folder is. Windows has no such thing and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
