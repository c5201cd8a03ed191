import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openOutbox, type Outbox } from "../src/outbox/outbox.ts";
import { createPendingEnds, type PendingEnd, type PendingEnds } from "../src/redis/pending-ends.ts";
import { makeFolder } from "./store-folder.ts";

const isAway = (): Promise<never> => Promise.reject(new Error("away"));

/** On a disk that has no room until told. */
function fullDisk(path: string): Outbox & { room: boolean } {
  const outbox = openOutbox(path);
  return {
    ...outbox,
    room: false,
    put(endings) {
      if (!this.room) throw new Error("ENOSPC: no space left on device");
      outbox.put(endings);
    },
    async append(endings) {
      if (!this.room) throw new Error("ENOSPC: no space left on device");
      await outbox.append(endings);
    },
  };
}

function open(outbox: Outbox, send: (end: PendingEnd) => Promise<unknown>): PendingEnds {
  const pending = createPendingEnds({ most: 3, send, outbox, outboxPath: "outbox" });
  onTestFinished(async () => void (await pending.close()));
  return pending;
}

test("on a full disk ends wait in memory, as many as may, and nothing is thrown", async () => {
  const pending = open(fullDisk(join(makeFolder(), "outbox")), isAway);
  for (const leaseId of ["a", "b", "c", "d"]) pending.add({ leaseId, amounts: [1] });
  await pending.flush();
  expect((await pending.close()).map(({ leaseId }) => leaseId)).toEqual(["a", "b", "c"]);
});

test("they are written down when there is room again", async () => {
  const path = join(makeFolder(), "outbox");
  const disk = fullDisk(path);
  const pending = open(disk, isAway);
  pending.add({ leaseId: "a", amounts: [1] });
  await pending.flush();
  disk.room = true;
  await pending.flush();
  const next: PendingEnd[] = [];
  await vi.waitFor(async () => {
    await openOutbox(path).replay((end) => Promise.resolve(next.push(end)));
    expect(next).toEqual([{ leaseId: "a", amounts: [1] }]);
  });
});

test("of two ends of a lease the first counts, also when it is on the disk already", async () => {
  const sent: PendingEnd[] = [];
  let away = true;
  const pending = open(openOutbox(join(makeFolder(), "outbox")), (end) =>
    away ? isAway() : Promise.resolve(sent.push(end)),
  );
  pending.add({ leaseId: "a", amounts: [1] });
  await vi.waitFor(async () => {
    await pending.flush();
    expect(pending.has("a")).toBe(true);
  });
  pending.add({ leaseId: "a", amounts: [2] });
  away = false;
  await vi.waitFor(async () => {
    await pending.flush();
    expect(sent).toEqual([{ leaseId: "a", amounts: [1] }]);
  });
  expect(pending.has("a")).toBe(false);
});
