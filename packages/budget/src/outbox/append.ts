import { constants } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { writeEnding, type Ending } from "./ending.ts";

/** What a file takes before another is begun: it is replayed by one process, from memory. */
const MOST_BYTES = 256 * 1024;

/**
 * Appends to a file of its own, in batches, each on the disk when its promise resolves. Other processes may take the
 * file at any time: a batch that was being written to it then is written once more, to a new one.
 *
 * @param newStem - the path, without an ending, of a file that is not there.
 */
export function createAppend(newStem: () => string): (endings: readonly Ending[]) => Promise<void> {
  let current: string | undefined;

  return async function append(endings) {
    const text = endings.map(writeEnding).join("");
    const path = current;
    // The end of a file may be cut off when this fails: nothing may stand behind that.
    current = undefined;
    const size = path === undefined ? undefined : await appendTo(path, text);
    if (path !== undefined && size !== undefined) {
      if (size < MOST_BYTES) current = path;
      return;
    }
    current = await begin(newStem(), text);
  };
}

/** @returns the path of the file. What is being begun is nobody else's to read. */
async function begin(stem: string, text: string): Promise<string> {
  const folder = dirname(stem);
  await mkdir(folder, { recursive: true });
  const file = await open(`${stem}.part`, "ax", 0o600);
  try {
    await file.appendFile(text);
    await file.datasync();
  } catch (error) {
    await rm(`${stem}.part`, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(`${stem}.part`, `${stem}.jsonl`);
  await syncFolder(folder);
  return `${stem}.jsonl`;
}

/** @returns how long the file is then; `undefined` when somebody has taken it. */
async function appendTo(path: string, text: string): Promise<number | undefined> {
  // Not made anew under a name that somebody may put the file back to.
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND).catch(unlessMissing);
  if (file === undefined) return undefined;
  try {
    const before = await file.stat();
    try {
      await file.appendFile(text);
      await file.datasync();
    } catch (error) {
      await file.truncate(before.size).catch(() => undefined);
      throw error;
    }
    const { size, ino } = await file.stat();
    const there = await stat(path).catch(unlessMissing);
    return there?.ino === ino ? size : undefined;
  } finally {
    await file.close();
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

/** A new name is durable when its folder is. Windows has no such thing and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
