/** What one request may bring. Beyond it, values are cut and records rejected; the rest of the request counts. */
export interface DecodeLimits {
  /**
   * Spans, log records or points of one request; those beyond are rejected and named in the answer.
   *
   * @defaultValue 65,536
   */
  readonly recordsPerRequest: number;
  /**
   * Attributes, elements of arrays and maps, and events of one record, together; those beyond are left out. Attributes
   * that no one reads do not count.
   *
   * @defaultValue 1,024
   */
  readonly valuesPerRecord: number;
  /**
   * UTF-8 bytes of a name, a text or a byte value; what is longer is cut to it, and an attribute whose name is longer is
   * left out.
   *
   * @defaultValue 16,384
   */
  readonly valueBytes: number;
  /**
   * Levels of arrays and maps inside an attribute; what lies deeper is left out.
   *
   * @defaultValue 16
   */
  readonly nestingDepth: number;
}

export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  recordsPerRequest: 65_536,
  valuesPerRecord: 1_024,
  valueBytes: 16_384,
  nestingDepth: 16,
};
