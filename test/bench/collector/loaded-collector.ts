import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Profiler } from "node:inspector";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { encodeOtlp, parsePrometheusText } from "@tollgate/testkit";
import * as z from "zod";
import type { Asked } from "./collector-process.ts";
import { genAiExport, SPANS, TRACE_ID } from "./gen-ai-export.ts";

/** A collector that is sent spans. */
export interface LoadedCollector {
  /** Sends so many exports and waits until all is booked. @returns microseconds of processor time, per span */
  run(exports: number): Promise<number>;
  /** As {@link run}. @returns where the time went */
  profile(exports: number): Promise<Profiler.Profile>;
  close(): Promise<void>;
}

const CONFIG = `budgets:
  - { id: all, limit: { usd: 1000000 }, window: month }
collector: { dedupWindowSeconds: 1 }
`;
const LANES = 4;
const SPANS_PER_TRACE = 8;
const POLL_MS = 250;
const urlSchema = z.object({ url: z.string() });
const usedSchema = z.object({ cpuMicros: z.number() });

/** @param withPrompts - on the spans, as senders put them there that are told to */
export async function loadCollector(withPrompts: boolean): Promise<LoadedCollector> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-bench-"));
  writeFileSync(join(folder, "tollgate.yaml"), CONFIG);
  const child = fork(join(import.meta.dirname, "collector-process.ts"), [folder], {
    // From its sources: profiles name them.
    execArgv: ["--conditions=source"],
    serialization: "advanced",
  });
  const [said] = await once(child, "message");
  const { url } = urlSchema.parse(said);
  const newBody = bodyMaker(withPrompts);
  let sent = 0;

  async function ask(asked: Asked): Promise<unknown> {
    child.send(asked);
    const [answer]: unknown[] = await once(child, "message");
    return answer;
  }

  async function sendAll(exports: number): Promise<void> {
    let left = exports;
    const lane = async (): Promise<void> => {
      while (left-- > 0) {
        const headers = { "content-type": "application/x-protobuf" };
        const response = await fetch(`${url}/v1/traces`, {
          method: "POST",
          headers,
          body: newBody(),
        });
        await response.bytes();
        if (response.status !== 200) throw new Error(`an export was answered ${response.status}`);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    sent += exports * SPANS;
    while ((await booked(url)) < sent) await wait(POLL_MS);
  }

  return {
    async run(exports) {
      const before = usedSchema.parse(await ask("used"));
      await sendAll(exports);
      const after = usedSchema.parse(await ask("used"));
      return (after.cpuMicros - before.cpuMicros) / (exports * SPANS);
    },
    async profile(exports) {
      await ask("profile");
      await sendAll(exports);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the inspector of our own process answers
      const { profile } = (await ask("profiled")) as { profile: Profiler.Profile };
      return profile;
    },
    async close() {
      await ask("end");
      child.disconnect();
      await once(child, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}

async function booked(url: string): Promise<number> {
  const families = parsePrometheusText(await (await fetch(`${url}/metrics`)).text());
  const samples = families.flatMap((family) => family.samples);
  return samples
    .filter(
      ({ name, labels }) =>
        name === "tollgate_collector_events_total" && labels["tollgate_outcome"] === "booked",
    )
    .reduce((sum, { value }) => sum + value, 0);
}

/** Makes exports that differ in their trace ids alone: writing those into the bytes costs the sender next to nothing. */
function bodyMaker(withPrompts: boolean): () => Buffer {
  const template = Buffer.from(
    encodeOtlp("traces", genAiExport({ startMs: Date.now(), withPrompts })),
  );
  const id = Buffer.from(TRACE_ID, "hex");
  const places: number[] = [];
  for (let at = template.indexOf(id); at >= 0; at = template.indexOf(id, at + id.length))
    places.push(at);
  return () => {
    const body = Buffer.from(template);
    let traceId = id;
    for (const [index, place] of places.entries()) {
      if (index % SPANS_PER_TRACE === 0) traceId = randomBytes(id.length);
      traceId.copy(body, place);
    }
    return body;
  };
}
