import { parseObject } from "../json/read.ts";
import { createLineBuffer } from "../stream/line-buffer.ts";
import { readBatchLine } from "./batch-line.ts";
import type { FetchedListener, FetchedReader, MatchedFetch } from "./fetched.ts";

/** A file is taken in pieces of this size, however large the pieces are that it comes in. */
const PIECE_BYTES = 65_536;
/** A file that has not shown by then what it is, is none of ours. */
const HEAD_CHARS = 262_144;
/** A longer line is passed over: memory is the app's. */
const MAX_LINE_BYTES = 33_554_432;

/** How every line of batch results begins that is known; `custom_id` may come behind a long answer. */
const FIRST_KEY = /^\{\s*"(?:id|custom_id|response|error|result)"\s*:/;
const FIRST_KEY_CHARS = 64;

/** What is known of a file: nothing at first; its first line decides at the latest. */
interface FileState {
  isOurs: boolean | undefined;
}

/**
 * Reads a file of batch results line by line, and gives up any other file after its first bytes:
 * never more of a file is kept than one line.
 */
export function createResultsReader(
  fetch: MatchedFetch,
  { onResult, onProblem }: Omit<FetchedListener, "onBatch">,
): FetchedReader {
  const lines = createLineBuffer();
  const file: FileState = { isOurs: undefined };
  /** Whether the first line is worth waiting for. */
  let hasHead = false;

  const readValue = (value: unknown): void => {
    const result = readBatchLine(value, fetch);
    file.isOurs ??= result !== undefined;
    if (result !== undefined && file.isOurs) onResult(result);
  };

  const readLine = (line: string): void => {
    if (file.isOurs === false || line.trim() === "") return;
    readValue(parseObject(line));
  };

  const readLines = (text: string): void => {
    let at = 0;
    while (at < text.length && file.isOurs !== false) {
      const end = text.indexOf("\n", at);
      if (end < 0) break;
      readLine(text.slice(at, end));
      at = end + 1;
    }
    if (at < text.length) readLine(text.slice(at));
  };

  const take = (piece: Uint8Array): void => {
    lines.append(piece);
    readLines(lines.takeLines());
    if (file.isOurs === undefined && !hasHead) {
      const answer = mayBeBatch(lines.peekRest());
      if (answer === true) hasHead = true;
      else file.isOurs = answer;
    }
    if (file.isOurs === false) lines.clear();
    else if (lines.size() > MAX_LINE_BYTES) {
      lines.clear();
      onProblem("a line of the results is too long to be read");
    }
  };

  return {
    get open() {
      return file.isOurs !== false;
    },
    write(chunk) {
      for (let at = 0; at < chunk.length && file.isOurs !== false; at += PIECE_BYTES) {
        take(chunk.subarray(at, at + PIECE_BYTES));
      }
    },
    json: readValue,
    text(text) {
      if (file.isOurs === undefined && mayBeBatch(text.slice(0, HEAD_CHARS)) === false)
        file.isOurs = false;
      readLines(text);
    },
    end() {
      if (file.isOurs !== false) readLine(lines.peekRest());
    },
  };
}

/** @param head - the beginning of a first line. @returns `undefined` when it is too short to tell. */
function mayBeBatch(head: string): boolean | undefined {
  const text = head.trimStart();
  if (text === "") return head.length < HEAD_CHARS ? undefined : false;
  if (!text.startsWith("{")) return false;
  if (text.length > FIRST_KEY_CHARS && !FIRST_KEY.test(text)) return false;
  if (text.includes('"custom_id"')) return true;
  return head.length < HEAD_CHARS ? undefined : false;
}
