import { Readable } from "node:stream";
import type { StoredEvent } from "@tollgate/ledger";
import * as z from "zod";
import type { Routes } from "../api.ts";
import { csvLine } from "../csv.ts";
import { FILTER_SHAPE, filterOf } from "../event-filter.ts";
import { STORED_EVENT_KEYS, storedEventJson } from "../stored-event-json.ts";

const FORMATS = ["ndjson", "json", "csv"] as const;
type Format = (typeof FORMATS)[number];

const TYPES: Readonly<Record<Format, string>> = {
  ndjson: "application/x-ndjson; charset=utf-8",
  json: "application/json; charset=utf-8",
  csv: "text/csv; charset=utf-8; header=present",
};

/** Events in bulk. */
export const exportRoutes: Routes = (api, { ledger }) => {
  api.route({
    method: "GET",
    url: "/v1/usage/export",
    config: { scope: "read" },
    schema: {
      summary: "Export events",
      description: "All that match, the oldest first, written as they are read.",
      tags: ["usage"],
      querystring: z.strictObject({
        ...FILTER_SHAPE,
        format: z.enum(FORMATS).describe("Default: ndjson.").optional(),
      }),
    },
    handler({ query, caller }, reply) {
      const { format = "ndjson", ...rest } = query;
      const events = ledger.scan(filterOf(caller, rest));
      return reply.type(TYPES[format]).send(Readable.from(WRITERS[format](events)));
    },
  });
};

type Writer = (events: AsyncIterable<StoredEvent>) => AsyncIterable<string>;

const WRITERS: Readonly<Record<Format, Writer>> = {
  async *ndjson(events) {
    for await (const event of events) yield `${JSON.stringify(storedEventJson(event))}\n`;
  },
  async *json(events) {
    let before = "[";
    for await (const event of events) {
      yield `${before}\n${JSON.stringify(storedEventJson(event))}`;
      before = ",";
    }
    yield before === "[" ? "[]\n" : "\n]\n";
  },
  async *csv(events) {
    yield csvLine(STORED_EVENT_KEYS);
    for await (const event of events) {
      const json = storedEventJson(event);
      yield csvLine(STORED_EVENT_KEYS.map((key) => json[key]));
    }
  },
};
