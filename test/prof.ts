import { cannedChat, cannedStream } from "./bench/canned-fetch.ts";
import { createLanes } from "./bench/lanes.ts";
const which = process.argv[2] ?? "chat"; const lane = Number(process.argv[3] ?? 3); const n = Number(process.argv[4] ?? 40000);
const messages = [{ role: "user" as const, content: "Say something about a fox." }];
const lanes = which === "chat" ? createLanes(cannedChat, (client) => client.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 200, messages }))
 : createLanes(cannedStream, async (client) => { const a = await client.chat.completions.create({ model: "gpt-4o-mini", max_tokens: 1000, messages, stream: true, stream_options: { include_usage: true } }); let last; for await (const c of a) last = c; return last; });
for (let i = 0; i < n; i++) await lanes[lane]!.run();
