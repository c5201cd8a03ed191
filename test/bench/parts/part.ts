/** One step of a call on its own, beside the least that such a step can cost. */
export interface Part {
  readonly name: string;
  readonly run: () => unknown;
  readonly floor: string;
  readonly runFloor: () => unknown;
}
