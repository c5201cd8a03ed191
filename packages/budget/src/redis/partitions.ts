import type { StoreNotice } from "../store/store.ts";
import { readControlSet, type ControlSet } from "./control-set.ts";
import type { Partition } from "./partition.ts";

/** The partitions of a store, each opened when it is needed. */
export interface Partitions {
  /** What belongs to no one organization, and which organizations there are. */
  readonly first: Partition;
  /** Makes sure that it is on the list of all and has the controls. */
  open(name: string | undefined): Promise<Partition>;
  /** One that is on the list. */
  openKnown(name: string): Partition;
  list(): Promise<{ readonly names: readonly string[]; readonly controls: ControlSet }>;
  /** There is nothing in it to be seen: it goes from the list unless someone has used it lately. */
  mayForget(name: string): void;
  /** News of operations whose answer cannot carry it. */
  tell(notices: readonly StoreNotice[]): void;
  close(): void;
}

export interface PartitionsOptions {
  readonly create: (name: string | undefined, onNewEpoch: () => void) => Partition;
  readonly tell: (notices: readonly StoreNotice[]) => void;
}

interface Opened {
  readonly partition: Partition;
  /** Since when it is known to be on the list; monotonic. */
  listedMs: number;
  listing: Promise<void> | undefined;
}

/** How many are kept that hold nothing. */
const MOST_IDLE = 1_000;
const NOT_LISTED = Number.NEGATIVE_INFINITY;
const LIST_AGAIN_MS = 3_600_000;
const FORGET_AFTER_MS = 25 * 3_600_000;

export function createPartitions({ create, tell }: PartitionsOptions): Partitions {
  const opened = new Map<string, Opened>();
  const first = create(undefined, () => {
    for (const entry of opened.values()) entry.listedMs = NOT_LISTED;
  });
  const listKeys = [first.keys.meta, first.keys.partitions, first.keys.controls];
  /** When each of the list was last used, by the first partition's clock. */
  let used = new Map<string, { readonly text: string; readonly idleMs: number }>();
  const forgettable = new Set<string>();

  function openNow(name: string): Opened {
    let entry = opened.get(name);
    if (entry === undefined) {
      closeIdle();
      const made: Opened = {
        partition: create(name, () => (made.listedMs = NOT_LISTED)),
        listedMs: NOT_LISTED,
        listing: undefined,
      };
      entry = made;
    } else if (opened.size >= MOST_IDLE) {
      // The one that was used longest ago comes first.
      opened.delete(name);
    }
    opened.set(name, entry);
    return entry;
  }

  function closeIdle(): void {
    if (opened.size < MOST_IDLE) return;
    for (const [name, { partition, listing }] of opened) {
      if (listing !== undefined || !partition.isIdle()) continue;
      partition.close();
      opened.delete(name);
      return;
    }
  }

  async function enlist(name: string, entry: Opened): Promise<void> {
    const startedMs = performance.now();
    const reply = await first.ask("register", listKeys, [name]);
    const controls = readControlSet(reply.rest);
    if (controls.version > 0) await entry.partition.putControls(controls);
    entry.listedMs = startedMs;
  }

  return {
    first,
    tell,
    async open(name) {
      if (name === undefined) return first;
      const entry = openNow(name);
      if (performance.now() - entry.listedMs > LIST_AGAIN_MS) {
        entry.listing ??= enlist(name, entry).finally(() => (entry.listing = undefined));
        await entry.listing;
      }
      return entry.partition;
    },
    openKnown: (name) => openNow(name).partition,
    async list() {
      const old = [...forgettable].flatMap((name) => {
        const last = used.get(name);
        return last === undefined || last.idleMs < FORGET_AFTER_MS ? [] : [name, last.text];
      });
      forgettable.clear();
      const { rest, nowMs } = await first.ask("listPartitions", listKeys, old);
      const [version, fields, ...listed] = rest;
      used = new Map();
      for (let at = 0; at + 1 < listed.length; at += 2) {
        const text = String(listed[at + 1]);
        used.set(String(listed[at]), { text, idleMs: nowMs - Number(text) });
      }
      return { names: [...used.keys()], controls: readControlSet([version, fields]) };
    },
    mayForget: (name) => void forgettable.add(name),
    close() {
      first.close();
      for (const { partition } of opened.values()) partition.close();
    },
  };
}
