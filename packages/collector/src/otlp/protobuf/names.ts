/** A name that senders write over and over, such as that of an attribute. */
export interface Name {
  readonly text: string;
  /** Whether anyone reads the attribute of that name. */
  readonly wanted: boolean;
}

interface Known extends Name {
  readonly bytes: Uint8Array;
}

/** Finds the name that these bytes spell. */
export type FindName = (bytes: Buffer, start: number, end: number) => Name;

const SLOTS = 4096;
const LONGEST = 128;

/**
 * Keeps names it has seen, so that no text is made, and none hashed as a property, for each attribute of each span:
 * that is a quarter of all decoding. Of names that meet in one slot the last one stays.
 *
 * @param wants - asked once per name while that is known, so it must always answer the same
 */
export function createNames(wants: (name: string) => boolean): FindName {
  const slots: (Known | undefined)[] = Array.from({ length: SLOTS });

  return (bytes, start, end) => {
    const length = end - start;
    if (length > LONGEST) {
      const text = bytes.toString("utf8", start, end);
      return { text, wanted: wants(text) };
    }
    let hash = length;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = hash & (SLOTS - 1);
    const known = slots[slot];
    if (known !== undefined && spells(known.bytes, bytes, start, length)) return known;

    const text = bytes.toString("utf8", start, end);
    const name = { text, wanted: wants(text), bytes: Uint8Array.from(bytes.subarray(start, end)) };
    slots[slot] = name;
    return name;
  };
}

function spells(name: Uint8Array, bytes: Buffer, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let at = 0; at < length; at++) if (name[at] !== bytes[start + at]) return false;
  return true;
}
