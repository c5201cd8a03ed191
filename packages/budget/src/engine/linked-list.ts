/** Where a value is in a list. */
export interface Link<Value> {
  readonly value: Value;
  before: Link<Value> | undefined;
  after: Link<Value> | undefined;
}

/** Values in order; unlike a Map that is emptied from the front, its first is found at once. */
export interface LinkedList<Value> {
  readonly first: Value | undefined;
  append(value: Value): Link<Value>;
  /** The link must be in this list. */
  remove(link: Link<Value>): void;
  moveToEnd(link: Link<Value>): void;
  [Symbol.iterator](): Iterator<Value>;
}

export function createLinkedList<Value>(): LinkedList<Value> {
  let head: Link<Value> | undefined;
  let tail: Link<Value> | undefined;

  function attach(link: Link<Value>): void {
    link.before = tail;
    link.after = undefined;
    if (tail === undefined) head = link;
    else tail.after = link;
    tail = link;
  }

  function detach({ before, after }: Link<Value>): void {
    if (before === undefined) head = after;
    else before.after = after;
    if (after === undefined) tail = before;
    else after.before = before;
  }

  return {
    get first() {
      return head?.value;
    },
    append(value) {
      const link: Link<Value> = { value, before: undefined, after: undefined };
      attach(link);
      return link;
    },
    remove: detach,
    moveToEnd(link) {
      detach(link);
      attach(link);
    },
    *[Symbol.iterator]() {
      for (let link = head; link !== undefined; link = link.after) yield link.value;
    },
  };
}
