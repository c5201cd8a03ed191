import { once } from "node:events";
import { createServer, connect, type AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** Passes each connection on to the next of some servers, in turn. @returns its URL */
export async function startBalancer(urls: readonly string[]): Promise<string> {
  const ports = urls.map((url) => Number(new URL(url).port));
  let next = 0;
  const server = createServer((client) => {
    const upstream = connect(ports[next++ % ports.length] ?? 0, "127.0.0.1");
    client.pipe(upstream).pipe(client);
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  return `http://127.0.0.1:${address.port}`;
}
