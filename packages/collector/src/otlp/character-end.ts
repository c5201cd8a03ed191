/** The nearest end of a UTF-8 character at or before `end`. */
export function characterEnd(bytes: Uint8Array, end: number): number {
  let at = end;
  while (at > end - 4 && at > 0 && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}
