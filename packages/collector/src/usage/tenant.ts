import type { Caller } from "../access/caller.ts";
import { RequestError } from "./request-error.ts";

/**
 * The organisation a request is about: the caller's own, where it has one.
 *
 * @throws RequestError `forbidden` when the caller names another's.
 */
export function organizationFor(caller: Caller, asked: string | undefined): string | undefined {
  if (caller.organization === undefined) return asked;
  if (asked === undefined || asked === caller.organization) return caller.organization;
  throw new RequestError(
    "forbidden",
    `organization: this token is for ${caller.organization}; leave the key out`,
  );
}
