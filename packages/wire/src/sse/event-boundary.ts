/** What a byte is to the event it stands in. */
export type BytePlace =
  | "inside"
  /** The last of its event; the next byte begins another, unless it is `rest`. */
  | "end"
  /** The LF of a line end whose CR came before: it belongs to what that CR belonged to. */
  | "rest";

const LF = 0x0a;
const CR = 0x0d;

/**
 * Finds the blank lines between events, byte by byte, whatever the line ends are.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function createBoundaryFinder(): (byte: number | undefined) => BytePlace {
  let lineIsEmpty = true;
  let afterCr = false;
  return (byte) => {
    const isRest = afterCr && byte === LF;
    afterCr = byte === CR;
    if (isRest) return "rest";
    const wasEmpty = lineIsEmpty;
    lineIsEmpty = byte === LF || byte === CR;
    return wasEmpty && lineIsEmpty ? "end" : "inside";
  };
}
