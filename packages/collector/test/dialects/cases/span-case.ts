import type { Sighting, SpanRecord } from "../../../src/index.ts";

/** A span as a sender writes it, and what is read. `undefined`: no call. */
export interface SpanCase {
  readonly says: string;
  readonly dialect: string;
  readonly span: SpanRecord;
  readonly read: Partial<Sighting> | undefined;
}
