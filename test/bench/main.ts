/**
 * What metering adds to a call: spans, metrics, price and four hard budgets in memory, against the same client
 * without any of it, in one interleaved run.
 *
 * Usage: pnpm bench [--rounds N] [--json]
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { cannedChat, cannedStream } from "./canned-fetch.ts";
import { benchImports } from "./import-cost.ts";
import { createLanes } from "./lanes.ts";
import { measure, type Measured } from "./measure.ts";

setFlagsFromString("--expose-gc");

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "60" }, json: { type: "boolean", default: false } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`--rounds ${values.rounds}: give a whole number of rounds, such as 60\n`);
  process.exit(2);
}

const messages = [{ role: "user" as const, content: "Say something about a fox." }];

const chat = createLanes(cannedChat, (client) =>
  client.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 200, messages }),
);

const stream = createLanes(cannedStream, async (client) => {
  const answer = await client.chat.completions.create({
    model: "gpt-4o-mini",
    max_tokens: 1_000,
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  let last: unknown;
  for await (const chunk of answer) last = chunk;
  return last;
});

const results = {
  chat: await measure(chat, { rounds, runsPerRound: 400 }),
  "500-chunk stream": await measure(stream, { rounds, runsPerRound: 12 }),
};

for (const [name, measured] of Object.entries(results)) print(name, measured);
benchImports(rounds);
if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);

function print(name: string, measured: readonly Measured[]): void {
  const base = measured[0];
  if (base === undefined) return;
  const rows = measured.map(({ name: lane, wallP10, wallMedian, cpuMedian }) =>
    [
      lane.padEnd(34),
      wallP10.toFixed(1).padStart(9),
      `${(wallP10 / base.wallP10).toFixed(3)}×`.padStart(8),
      (wallP10 - base.wallP10).toFixed(1).padStart(8),
      wallMedian.toFixed(1).padStart(9),
      `${(wallMedian / base.wallMedian).toFixed(3)}×`.padStart(8),
      `${(cpuMedian / base.cpuMedian).toFixed(3)}×`.padStart(8),
    ].join(""),
  );
  const head =
    `${name} (µs per call)`.padEnd(34) +
    ["p10", "ratio", "added", "median", "ratio", "CPU"]
      .map((title, index) => title.padStart(index === 0 || index === 3 ? 9 : 8))
      .join("");
  process.stdout.write(
    `${head}\n${rows.join("\n")}\nNode ${process.version}, ${availableParallelism()} cores, ${rounds} rounds\n\n`,
  );
}
