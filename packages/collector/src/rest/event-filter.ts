import type { EventFilter, EventState, RefType } from "@tollgate/ledger";
import * as z from "zod";
import type { Caller } from "../access/caller.ts";
import { RequestError } from "../usage/request-error.ts";
import { organizationFor } from "../usage/tenant.ts";

const name = z.string().min(1).max(256).optional();
const time = (what: string): z.ZodOptional<z.ZodISODateTime> =>
  z.iso.datetime({ offset: true }).describe(what).optional();

/** What events can be chosen by, in a query. */
export interface FilterQuery {
  readonly organization?: string | undefined;
  readonly project?: string | undefined;
  readonly task?: string | undefined;
  readonly workstream?: string | undefined;
  readonly repository?: string | undefined;
  readonly agent?: string | undefined;
  readonly session?: string | undefined;
  readonly user?: string | undefined;
  readonly commit?: string | undefined;
  readonly release?: string | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly source?: string | undefined;
  readonly ref_type?: RefType | undefined;
  readonly ref_id?: string | undefined;
  readonly state?: EventState | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

type Optional<Shape> = { readonly [Key in keyof Shape]-?: z.ZodType<Shape[Key], Shape[Key]> };

export const FILTER_SHAPE: Optional<FilterQuery> = {
  organization: name.describe("Default: that of the token, else all."),
  project: name,
  task: name,
  workstream: name,
  repository: name,
  agent: name,
  session: name,
  user: name,
  commit: name,
  release: name,
  provider: name,
  model: name,
  source: name,
  ref_type: z.enum(["task", "workstream", "commit", "release", "session"]).optional(),
  ref_id: name,
  state: z.enum(["waiting", "booked", "duplicate"]).describe("Default: booked.").optional(),
  from: time("The earliest time, ISO 8601 with an offset, inclusive."),
  until: time("The latest time, exclusive."),
};

/** @throws RequestError for another's organisation, or times the wrong way round. */
export function filterOf(caller: Caller, query: FilterQuery): EventFilter {
  const { ref_type: refType, ref_id: refId, from, until, organization, ...rest } = query;
  const fromMs = from === undefined ? undefined : Date.parse(from);
  const untilMs = until === undefined ? undefined : Date.parse(until);
  if (fromMs !== undefined && untilMs !== undefined && untilMs <= fromMs) {
    throw new RequestError("invalid", "until: is not after from; write the later time there");
  }
  return {
    ...rest,
    organization: organizationFor(caller, organization),
    refType,
    refId,
    fromMs,
    untilMs,
  };
}
