import type { Attribution } from "@tollgate/core";

/** Who sent a request. */
export interface Caller {
  /** Stable, and not empty; the queue is shared out by it. */
  readonly id: string;
  /** What its records are charged to, whatever they say themselves. */
  readonly attribution: Attribution;
}

/** Everyone, where nobody has to say who they are. */
export const ANONYMOUS: Caller = { id: "", attribution: {} };

/** What a sender shows of itself. */
export interface Presented {
  /** A header of HTTP or a metadata entry of gRPC, such as `authorization`; by lower-case name. */
  header(name: string): string | undefined;
  /** Of the connection: an address, of gRPC with its port. */
  readonly peer: string;
}

export type Authenticated =
  | { readonly known: true; readonly caller: Caller }
  | {
      readonly known: false;
      /** `unauthenticated`: nothing that is believed was shown (401); `forbidden`: it may not send (403). */
      readonly refusal: "unauthenticated" | "forbidden";
      /** Told to the sender. */
      readonly reason: string;
    };

export type Authenticate = (presented: Presented) => Authenticated | Promise<Authenticated>;
