import type { ServerResponse } from "node:http";
import type { LedgerEvent } from "@tollgate/ledger";
import * as z from "zod";
import { RequestError } from "../../usage/request-error.ts";
import { organizationFor } from "../../usage/tenant.ts";
import type { Routes } from "../api.ts";
import { storedEventJson } from "../stored-event-json.ts";

const KEEP_ALIVE_MS = 15_000;
/** A reader who is that far behind is let go; it may come back and read what it missed from the ledger. */
const MOST_BEHIND_BYTES = 1_000_000;
const MOST_READERS = 1_000;

/** Events as they are booked, for billing and for looking on. */
export const streamRoutes: Routes = (api, { feed, clock }) => {
  const open = new Set<ServerResponse>();
  // They have no end of their own, and the server waits for whatever is under way.
  api.addHook("preClose", async () => {
    for (const raw of open) raw.end();
  });

  api.route({
    method: "GET",
    url: "/v1/stream",
    config: { scope: "read" },
    schema: {
      summary: "Follow events",
      description:
        "Server-sent events of type usage, from now on. What was missed is in GET /v1/token-events.",
      tags: ["usage"],
      querystring: z.strictObject({
        organization: z.string().min(1).max(256).optional(),
        project: z.string().min(1).max(256).optional(),
        agent: z.string().min(1).max(256).optional(),
        task: z.string().min(1).max(256).optional(),
      }),
    },
    handler({ query, caller }, reply) {
      const { organization: asked, ...rest } = query;
      const wanted = { ...rest, organization: organizationFor(caller, asked) };
      if (open.size >= MOST_READERS) {
        throw new RequestError("unavailable", `${MOST_READERS} follow already; come again later`);
      }
      reply.hijack();
      const { raw } = reply;
      open.add(raw);
      raw.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      });
      raw.write(": tollgate\n\n");
      const unsubscribe = feed.subscribe((event) => {
        if (isWanted(event, wanted)) write(raw, event, clock.now());
      });
      const beat = setInterval(() => raw.write(": still here\n\n"), KEEP_ALIVE_MS);
      beat.unref();
      raw.on("close", () => {
        open.delete(raw);
        clearInterval(beat);
        unsubscribe();
      });
    },
  });
};

type Wanted = Readonly<
  Partial<Record<"organization" | "project" | "agent" | "task", string | undefined>>
>;

function isWanted({ attribution }: LedgerEvent, wanted: Wanted): boolean {
  const keys = ["organization", "project", "agent", "task"] as const;
  return keys.every((key) => wanted[key] === undefined || wanted[key] === attribution[key]);
}

function write(raw: ServerResponse, event: LedgerEvent, nowMs: number): void {
  if (raw.writableLength > MOST_BEHIND_BYTES) {
    raw.destroy();
    return;
  }
  const stored = { ...event, sequence: 0, state: "booked", receivedMs: nowMs } as const;
  raw.write(`event: usage\nid: ${event.key}\ndata: ${JSON.stringify(storedEventJson(stored))}\n\n`);
}
