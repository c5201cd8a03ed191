import { join } from "node:path";
import { runNode } from "@tollgate/testkit";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { HOSTILE_BODIES } from "./hostile-bodies.ts";

const AT_LENGTH = process.env["PROVE"] === "at-length";
const ROUNDS = AT_LENGTH ? 30 : 2;
const MIB = 1024 * 1024;

const memorySchema = z.object({ nowBytes: z.number(), peakBytes: z.number() });

test(
  "hostile bodies are answered as they should be, and memory stays bounded",
  async () => {
    const child = runNode({
      script: join(import.meta.dirname, "receiver-process.ts"),
      nodeArgs: ["--expose-gc", "--conditions=source"],
    });
    onTestFinished(() => child.kill("SIGKILL"));
    const [, origin = ""] = await child.untilStdout(/listening on (\S+)\n/);
    const memory = async (): Promise<z.infer<typeof memorySchema>> =>
      memorySchema.parse(await (await fetch(`${origin}/memory`)).json());

    const bodies = HOSTILE_BODIES.map((each) => ({ ...each, bytes: Uint8Array.from(each.body()) }));
    const sendAll = async (): Promise<Record<string, number>> => {
      const statuses: Record<string, number> = {};
      for (const { name, type, encoding, bytes } of bodies) {
        const headers = { "content-type": type, ...(encoding && { "content-encoding": encoding }) };
        const response = await fetch(`${origin}/v1/traces`, {
          method: "POST",
          headers,
          body: bytes,
        });
        await response.bytes();
        statuses[name] = response.status;
      }
      return statuses;
    };

    expect(await sendAll()).toEqual(
      Object.fromEntries(HOSTILE_BODIES.map(({ name, status }) => [name, status])),
    );
    const first = await memory();
    for (let round = 1; round < ROUNDS; round++) await sendAll();
    const last = await memory();
    if (AT_LENGTH) {
      process.stdout.write(
        `  ${ROUNDS} rounds: ${(last.nowBytes / MIB).toFixed()} MiB, at most ${(last.peakBytes / MIB).toFixed()}\n`,
      );
    }
    // Loose: what the garbage collector has not yet given back is in it.
    expect(last.nowBytes - first.nowBytes).toBeLessThan(300 * MIB);
    expect(last.peakBytes).toBeLessThan(1_024 * MIB);
  },
  AT_LENGTH ? 3_600_000 : 120_000,
);
