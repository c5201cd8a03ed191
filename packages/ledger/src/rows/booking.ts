import { cleanEvent, type CleanedEvent } from "../clean/clean-event.ts";
import type { LedgerEvent } from "../event.ts";
import { keyHash } from "./key-hash.ts";

/** An event on its way into a database. */
export interface Incoming extends CleanedEvent {
  readonly keyHash: Uint8Array;
  readonly receivedMs: number;
  /** Where it is in the database, once it was written as it is. */
  sequence?: number;
}

export function toIncoming(event: LedgerEvent, receivedMs: number): Incoming {
  const { event: clean, cleaned } = cleanEvent(event, Math.floor(receivedMs));
  return { event: clean, cleaned, keyHash: keyHash(clean), receivedMs: Math.floor(receivedMs) };
}
