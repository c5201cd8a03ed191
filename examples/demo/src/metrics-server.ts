import { createServer, type ServerResponse } from "node:http";

export interface MetricsServer {
  /** Such as `http://127.0.0.1:40001/metrics`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves one text at `/metrics` on a free loopback port.
 *
 * @param read - asked at each request, so that a scrape is never older than itself.
 */
export async function startMetricsServer(read: () => Promise<string>): Promise<MetricsServer> {
  async function answer(response: ServerResponse): Promise<void> {
    try {
      const text = await read();
      response.setHeader("content-type", "text/plain; version=0.0.4; charset=utf-8").end(text);
    } catch (error) {
      response.writeHead(500).end(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  const server = createServer((request, response) => {
    if (request.url?.split("?", 1)[0] === "/metrics") void answer(response);
    else response.writeHead(404).end("The metrics are at /metrics\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/metrics`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
