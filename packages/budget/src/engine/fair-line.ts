import { createLinkedList, type LinkedList, type Link } from "./linked-list.ts";

/**
 * A line in which parties take turns, and those of one party come in the order in which they joined: one
 * that sends a thousand holds up another's single one by one. Every operation takes the same time, however
 * many stand in it.
 */
export interface FairLine<Item> {
  readonly first: Item | undefined;
  join(item: Item, party: string): Place<Item>;
  /** @param turn - the party had its turn and goes to the end. */
  leave(place: Place<Item>, turn: boolean): void;
  [Symbol.iterator](): Iterator<Item>;
}

/** Where an item stands. */
export interface Place<Item> {
  readonly link: Link<Item>;
  readonly party: Link<Party<Item>>;
}

interface Party<Item> {
  readonly name: string;
  readonly items: LinkedList<Item>;
}

export function createFairLine<Item>(): FairLine<Item> {
  const turns = createLinkedList<Party<Item>>();
  const byName = new Map<string, Link<Party<Item>>>();

  return {
    get first() {
      return turns.first?.items.first;
    },
    join(item, name) {
      let party = byName.get(name);
      if (party === undefined) {
        party = turns.append({ name, items: createLinkedList<Item>() });
        byName.set(name, party);
      }
      return { link: party.value.items.append(item), party };
    },
    leave({ link, party }, turn) {
      const { name, items } = party.value;
      items.remove(link);
      if (items.first === undefined) {
        turns.remove(party);
        byName.delete(name);
      } else if (turn) {
        turns.moveToEnd(party);
      }
    },
    *[Symbol.iterator]() {
      for (const { items } of turns) yield* items;
    },
  };
}
