// usage: node minbench.mjs lanes... prints min/p10 µs
import { cannedChat, cannedStream } from "/work/main/test/bench/canned-fetch.ts";
import { createLanes } from "/work/main/test/bench/lanes.ts";
import { measure } from "/work/main/test/bench/measure.ts";
const which = process.argv[2] ?? "chat"; const rounds = Number(process.argv[3] ?? 60);
const messages = [{ role: "user", content: "Say something about a fox." }];
const lanes = which === "chat" ? createLanes(cannedChat, (client) => client.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 200, messages }))
 : createLanes(cannedStream, async (client) => { const a = await client.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 1000, messages, stream: true, stream_options: { include_usage: true } }); let last; for await (const c of a) last = c; return last; });
const r = await measure(lanes, { rounds, runsPerRound: which==="chat"?200:8 });
const b = r[0];
for (const m of r) console.log(m.name.padEnd(36), m.wallP10.toFixed(1), (m.wallP10/b.wallP10).toFixed(3), (m.wallP10-b.wallP10).toFixed(1), m.cpuMedian.toFixed(1));
