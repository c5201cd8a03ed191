import { diag } from "@opentelemetry/api";
import type { Clock } from "@tollgate/core";
import type {
  BudgetStore,
  Control,
  HoldRefusal,
  ReserveAnswer,
  ReserveRequest,
  StoreAnswer,
  StoredControl,
  StoreNotice,
  StoreStates,
} from "../store/store.ts";
import type { ControlSet } from "./control-set.ts";
import { createLeasePlaces } from "./lease-places.ts";
import type { Partition } from "./partition.ts";
import type { Partitions } from "./partitions.ts";
import { pickHolds, splitHolds, type Share } from "./split-holds.ts";

/** How many partitions are asked at once for what concerns all. */
const AT_ONCE = 20;

/**
 * Keeps each organization's budgets in keys of its own, and all others in the first partition. A request within one
 * partition is one step. One that spans several takes the organizations' holds first, and gives them back when a later
 * partition refuses.
 */
export function createPartitionedStore(partitions: Partitions, clock: Clock): BudgetStore {
  const places = createLeasePlaces(clock);

  async function reserve(request: ReserveRequest): Promise<ReserveAnswer> {
    const { leaseId, holds, ttlMs } = request;
    const shares = splitHolds(holds);
    if (request.dryRun === true) return merge(request, await peek(request, shares));
    const before = places.get(leaseId);
    if (before !== undefined && !isSamePlace(before, shares)) {
      return { outcome: "conflict", notices: [] };
    }
    const [only] = shares;
    const answer =
      shares.length === 1 && only !== undefined
        ? await (await partitions.open(only.name)).reserve(request)
        : await reserveAll(request, shares, before === undefined);
    if (answer.outcome === "granted") places.put(leaseId, shares, ttlMs);
    return answer;
  }

  /** One after the other: whoever is refused has taken nothing in the end. */
  async function reserveAll(
    request: ReserveRequest,
    shares: readonly Share[],
    isNew: boolean,
  ): Promise<ReserveAnswer> {
    const answers: ShareAnswer[] = [];
    const taken: Partition[] = [];
    const giveBack = async (): Promise<void> => {
      if (!isNew) return;
      const released = await Promise.all(taken.map((one) => one.end(request.leaseId, undefined)));
      for (const { notices } of released) partitions.tell(notices);
    };
    for (const [place, share] of shares.entries()) {
      let answer: ReserveAnswer;
      try {
        /* oxlint-disable no-await-in-loop -- each only if the one before granted */
        const partition = await partitions.open(share.name);
        answer = await partition.reserve({ ...request, holds: pickHolds(request.holds, share) });
        if (answer.outcome === "granted") taken.push(partition);
      } catch (error) {
        partitions.tell(answers.flatMap(({ answer: { notices } }) => notices));
        await giveBack();
        throw error;
      }
      answers.push({ share, answer });
      if (answer.outcome === "granted") continue;
      await giveBack();
      if (answer.outcome === "refused") {
        answers.push(...(await peek(request, shares.slice(place + 1)).catch(() => [])));
      }
      break;
      /* oxlint-enable no-await-in-loop */
    }
    return merge(request, answers);
  }

  function peek(request: ReserveRequest, shares: readonly Share[]): Promise<ShareAnswer[]> {
    return Promise.all(
      shares.map(async (share) => {
        const holds = pickHolds(request.holds, share);
        const partition = await partitions.open(share.name);
        return { share, answer: await partition.reserve({ ...request, holds, dryRun: true }) };
      }),
    );
  }

  async function end(
    leaseId: string,
    amounts: readonly number[] | undefined,
  ): Promise<StoreAnswer> {
    const shares = places.get(leaseId) ?? [{ name: undefined, indexes: undefined }];
    const answers = await Promise.all(
      shares.map(async ({ name, indexes }) => {
        const used = indexes === undefined ? amounts : amounts && pick(amounts, indexes);
        return (await partitions.open(name)).end(leaseId, used);
      }),
    );
    places.delete(leaseId);
    const [only] = answers;
    if (answers.length === 1 && only !== undefined) return only;
    return { notices: answers.flatMap(({ notices }) => notices) };
  }

  async function renew(leaseIds: readonly string[], ttlMs: number): Promise<void> {
    const byName = new Map<string | undefined, string[]>();
    for (const id of leaseIds) {
      places.renew(id, ttlMs);
      for (const { name } of places.get(id) ?? [{ name: undefined }]) {
        const ids = byName.get(name);
        if (ids === undefined) byName.set(name, [id]);
        else ids.push(id);
      }
    }
    await forAll([...byName], async ([name, ids]) =>
      (await partitions.open(name)).renew(ids, ttlMs),
    );
  }

  async function control(key: string, put: Control | undefined): Promise<void> {
    // The first partition says in which order controls came; the others take the latest.
    const controls = await partitions.first.control(key, put);
    const { names } = await partitions.list();
    await forAll(names, (name) => putControls(name, controls));
  }

  async function putControls(name: string, controls: ControlSet): Promise<void> {
    await partitions.openKnown(name).putControls(controls);
  }

  async function states(): Promise<StoreStates> {
    const { names, controls } = await partitions.list();
    const all: StoreStates[] = [await partitions.first.states()];
    const laid = all[0]?.controls ?? [];
    const laidText = textOf(laid);
    try {
      await forAll(names, async (name) => {
        const read = await partitions.openKnown(name).states();
        all.push(read);
        if (read.states.length === 0) partitions.mayForget(name);
        if (controls.version > 0 && textOf(read.controls) !== laidText) {
          await putControls(name, controls);
        }
      });
    } catch (error) {
      partitions.tell(all.flatMap(({ notices }) => notices));
      throw error;
    }
    return {
      states: all.flatMap((one) => one.states),
      controls: laid,
      notices: all.flatMap(({ notices }) => notices),
    };
  }

  return {
    scope: "shared",
    partition: "organization",
    reserve,
    settle: (leaseId, amounts) => end(leaseId, amounts),
    release: (leaseId) => end(leaseId, undefined),
    renew,
    control,
    async topUp(topUp) {
      await (await partitions.open(topUp.counter.organization)).topUp(topUp);
    },
    states,
    close: () => partitions.close(),
  };
}

interface ShareAnswer {
  readonly share: Share;
  readonly answer: ReserveAnswer;
}

/** What the shares' answers come to, as if they were one. */
function merge({ holds }: ReserveRequest, answers: readonly ShareAnswer[]): ReserveAnswer {
  const notices: StoreNotice[] = answers.flatMap(({ answer }) => answer.notices);
  const refusals: HoldRefusal[] = [];
  const remaining = holds.map(() => Number.NaN);
  for (const { share, answer } of answers) {
    if (answer.outcome === "conflict") return { outcome: "conflict", notices };
    const indexOf = (at: number): number => share.indexes[at] ?? at;
    if (answer.outcome === "refused") {
      refusals.push(...answer.refusals.map((one) => ({ ...one, index: indexOf(one.index) })));
    } else {
      for (const [at, left] of answer.remaining.entries()) remaining[indexOf(at)] = left;
    }
  }
  if (refusals.length === 0) return { outcome: "granted", remaining, notices };
  return { outcome: "refused", refusals: refusals.toSorted((a, b) => a.index - b.index), notices };
}

function isSamePlace(before: readonly Share[], now: readonly Share[]): boolean {
  return (
    before.length === now.length &&
    before.every((one, at) => {
      const other = now[at];
      return one.name === other?.name && one.indexes.length === other?.indexes.length;
    })
  );
}

function pick(amounts: readonly number[], indexes: readonly number[]): number[] {
  return indexes.flatMap((index) => amounts[index] ?? []);
}

function textOf(controls: readonly StoredControl[]): string {
  return controls
    .map((each) => JSON.stringify(each))
    .toSorted()
    .join();
}

/** Does it for all, a few at a time, whatever becomes of some. @throws what the first one threw */
async function forAll<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop -- not more at once
    const done = await Promise.allSettled(items.slice(at, at + AT_ONCE).map(act));
    for (const one of done) if (one.status === "rejected") failures.push(one.reason);
  }
  if (failures.length === 0) return;
  if (failures.length > 1) diag.debug(`tollgate: ${failures.length} parts of Redis failed`);
  throw failures[0];
}
