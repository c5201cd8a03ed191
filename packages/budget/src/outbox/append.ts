import { constants } from "node:fs";
import { mkdir, open, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { writeEnding, type Ending } from "./ending.ts";

/** What a file takes before another is begun: it is replayed by one process, from memory. */
const MOST_BYTES = 256 * 1024;

/**
 * Appends to a file of its own, in batches, each on the disk when its promise resolves. Other processes may take the
 * file at any time: what was written to it meanwhile is written once more, elsewhere.
 *
 * @param newFile - the path of a file that is not there.
 */
export function createAppend(
  newFile: () => string,
): (endings: readonly Ending[]) => Promise<void> {
  let current: string | undefined;

  return async function append(endings) {
    const text = endings.map(writeEnding).join("");
    for (;;) {
      const path = current ?? newFile();
      // oxlint-disable-next-line no-await-in-loop -- each follows what became of the one before
      const size = await appendTo(path, text, current === undefined).catch((error: unknown) => {
        // The end of it may be cut off: nothing may stand behind that.
        current = undefined;
        throw error;
      });
      current = size === undefined || size > MOST_BYTES ? undefined : path;
      if (size !== undefined) return;
    }
  };
}

/** @returns how long the file is then; `undefined` when another process has taken it. */
async function appendTo(path: string, text: string, isNew: boolean): Promise<number | undefined> {
  const file = await openFile(path, isNew);
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
    if (isNew) await syncFolder(dirname(path));
    const { size, ino } = await file.stat();
    const there = await stat(path).catch(() => undefined);
    return there?.ino === ino ? size : undefined;
  } finally {
    await file.close();
  }
}

async function openFile(path: string, isNew: boolean): Promise<FileHandle | undefined> {
  if (isNew) {
    await mkdir(dirname(path), { recursive: true });
    return open(path, "ax", 0o600);
  }
  try {
    // Not made anew under a name that another process may put its file back to.
    return await open(path, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
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
