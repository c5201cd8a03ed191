import { lstatSync, readFileSync, unwatchFile, watch, watchFile, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { diag } from "@opentelemetry/api";

export interface WatchFileOptions {
  /** Absolute. */
  readonly path: string;
  /** How long a file must stay as it is before it counts as written, milliseconds. */
  readonly settleMs: number;
  /** How often to look where the system says nothing of changes, milliseconds. */
  readonly pollMs: number;
  /** The file has another content, is gone or there again. */
  readonly onChange: () => void;
}

/** Equal looks before a content counts: of an empty file more, since editors empty a file before they write it. */
const LOOKS = 2;
const LOOKS_AT_EMPTY = 20;

/**
 * Watches one file by name, not by inode, so that it may be replaced: by editors that rename a new file over it, or
 * by the link swaps of a mounted ConfigMap. The folder is watched, and the file looked at now and then, since network
 * drives and overlays say nothing. Keeps no process running.
 *
 * @returns a function that ends it.
 */
export function watchOneFile(options: WatchFileOptions): () => void {
  const { path, settleMs, pollMs, onChange } = options;
  let known: string | undefined;
  let isKnown = false;
  let seen: string | undefined;
  let looks = 0;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    timer ??= setTimeout(look, settleMs).unref();
  }

  function look(): void {
    timer = undefined;
    const content = contentOf(path);
    looks = content === seen ? looks + 1 : 1;
    seen = content;
    if (isKnown && content === known) return;
    if (looks < (content?.trim() === "" ? LOOKS_AT_EMPTY : LOOKS)) {
      wake();
      return;
    }
    isKnown = true;
    known = content;
    onChange();
  }

  const folder = watchFolder(path, wake);
  watchFile(path, { persistent: false, interval: pollMs }, wake);
  // It may have changed since it was read.
  if (isYoung(path)) wake();

  return () => {
    folder?.close();
    unwatchFile(path, wake);
    clearTimeout(timer);
  };
}

function watchFolder(path: string, wake: () => void): FSWatcher | undefined {
  const name = basename(path);
  // What a link leads to changes by other names.
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (isLink || changed === null || changed === name) wake();
    });
    watcher.on("error", (error) => {
      diag.debug(`tollgate: the folder of ${path} is watched no longer, the file still is`, error);
      watcher.close();
    });
    return watcher;
  } catch (error) {
    diag.debug(`tollgate: the folder of ${path} cannot be watched, the file is`, error);
    return undefined;
  }
}

function isYoung(path: string): boolean {
  const changedMs = lstatSync(path, { throwIfNoEntry: false })?.ctimeMs;
  return changedMs === undefined || changedMs > performance.timeOrigin;
}

/** `undefined` when it cannot be read. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
