/** A receiver with its default limits in a process of its own: `--expose-gc receiver-process.ts`. */
import fastify from "fastify";
import { createOtlpReceiver } from "../../src/index.ts";

const receiver = createOtlpReceiver({ take: () => Promise.resolve({ outcome: "taken" }) });
const server = fastify();
await server.register(receiver.http);
server.get("/memory", () => {
  globalThis.gc?.();
  return { nowBytes: process.memoryUsage.rss(), peakBytes: process.resourceUsage().maxRSS * 1024 };
});
await server.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`listening on ${server.listeningOrigin}\n`);
