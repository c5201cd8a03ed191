import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Ending } from "../src/outbox/ending.ts";
import { openOutbox } from "../src/outbox/outbox.ts";
import { makeFolder } from "./store-folder.ts";

const SETTLED: Ending = { leaseId: "a", amounts: [1, 2] };
const RELEASED: Ending = { leaseId: "b", amounts: undefined };

function collect(): { readonly ended: Ending[]; end(ending: Ending): Promise<void> } {
  const ended: Ending[] = [];
  return {
    ended,
    end: (ending) => {
      ended.push(ending);
      return Promise.resolve();
    },
  };
}

test("what was put is handed out once, by whoever opens it next", async () => {
  const path = join(makeFolder(), "outbox");
  openOutbox(path).put([SETTLED]);
  openOutbox(path).put([RELEASED]);
  const { ended, end } = collect();
  const counts = await Promise.all([1, 2, 3].map(() => openOutbox(path).replay(end)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
  expect(ended).toEqual([SETTLED, RELEASED]);
});

test("a last line that was cut off is not handed out, and its file is kept", async () => {
  const folder = makeFolder();
  const path = join(folder, "outbox");
  openOutbox(path).put([SETTLED]);
  const [name = ""] = readdirSync(folder);
  appendFileSync(join(folder, name), '{"lease":"c","amou');
  const { ended, end } = collect();
  expect(await openOutbox(path).replay(end)).toBe(1);
  expect(ended).toEqual([SETTLED]);
  const [kept = ""] = readdirSync(folder);
  expect(kept).toMatch(/\.unread$/);
  expect(readFileSync(join(folder, kept), "utf8")).toContain('"amou');
  expect(await openOutbox(path).replay(end)).toBe(0);
});

test("what the store does not take waits on", async () => {
  const path = join(makeFolder(), "outbox");
  openOutbox(path).put([SETTLED]);
  await expect(openOutbox(path).replay(() => Promise.reject(new Error("away")))).rejects.toThrow(
    "away",
  );
  const { ended, end } = collect();
  await openOutbox(path).replay(end);
  expect(ended).toEqual([SETTLED]);
});

test.each(["outbox-1-2-3.part", "outbox-1-2-3.99.claimed"])(
  "%s, which a process left behind, is taken up when that process must be gone",
  async (name) => {
    const folder = makeFolder();
    const file = join(folder, name);
    writeFileSync(file, '{"lease":"a","amounts":[1,2]}\n{"lease":"b"}\n');
    const { ended, end } = collect();
    expect(await openOutbox(join(folder, "outbox")).replay(end)).toBe(0);
    const before = new Date(Date.now() - 120_000);
    utimesSync(file, before, before);
    expect(await openOutbox(join(folder, "outbox")).replay(end)).toBe(2);
    expect(ended).toEqual([SETTLED, RELEASED]);
    expect(readdirSync(folder)).toEqual([]);
  },
);

test.each([
  "",
  "null",
  "7",
  '{"lease":1}',
  '{"lease":"a","amounts":["1"]}',
  '{"lease":"a","amounts":[-1]}',
])("the line %j is none", async (line) => {
  const folder = makeFolder();
  writeFileSync(join(folder, "outbox-1.jsonl"), `${line}\n`);
  const { ended, end } = collect();
  await openOutbox(join(folder, "outbox")).replay(end);
  expect(ended).toEqual([]);
});

test("batches are appended to one file until somebody takes it", async () => {
  const folder = makeFolder();
  const outbox = openOutbox(join(folder, "deeper", "outbox"));
  await outbox.append([SETTLED]);
  await outbox.append([RELEASED]);
  expect(readdirSync(join(folder, "deeper"))).toHaveLength(1);
  const { ended, end } = collect();
  expect(await outbox.replay(end, 1)).toBe(2);
  await outbox.append([{ leaseId: "c", amounts: [3], partition: "acme" }]);
  expect(await openOutbox(join(folder, "deeper", "outbox")).replay(end)).toBe(1);
  expect(ended).toEqual([SETTLED, RELEASED, { leaseId: "c", amounts: [3], partition: "acme" }]);
});

test(
  "nothing that is appended while others take the files is lost",
  { timeout: 60_000 },
  async () => {
    const path = join(makeFolder(), "outbox");
    const [writer, reader] = [openOutbox(path), openOutbox(path)];
    const { ended, end } = collect();
    const ids = Array.from({ length: 30 }, (_, index) => `call-${index}`);
    const state = { writing: true };
    const reading = async (): Promise<void> => {
      while (state.writing) {
        // oxlint-disable-next-line no-await-in-loop -- again and again
        await reader.replay(end, 10);
        // oxlint-disable-next-line no-await-in-loop
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    };
    const done = reading();
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other
    for (const leaseId of ids) await writer.append([{ leaseId, amounts: [1] }]);
    state.writing = false;
    await done;
    await reader.replay(end);
    expect(new Set(ended.map(({ leaseId }) => leaseId))).toEqual(new Set(ids));
  },
);

test("a file whose last batch could not be written is not appended to", async () => {
  const folder = makeFolder();
  const path = join(folder, "outbox");
  const outbox = openOutbox(path);
  await outbox.append([SETTLED]);
  const [name = ""] = readdirSync(folder);
  rmSync(join(folder, name));
  mkdirSync(join(folder, name));
  await expect(outbox.append([RELEASED])).rejects.toThrow(/EISDIR/);
  await outbox.append([RELEASED]);
  const { ended, end } = collect();
  await outbox.replay(end);
  expect(ended).toEqual([RELEASED]);
});
