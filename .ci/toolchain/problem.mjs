/** Something the person at the keyboard can understand and act on: shown without a stack. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {{ code: number | null, signal: string | null }} [ended] how the child ended
   *   that this is about, when this process is to end the same way
   */
  constructor(message, ended) {
    super(message);
    this.name = "Problem";
    this.ended = ended;
  }
}
