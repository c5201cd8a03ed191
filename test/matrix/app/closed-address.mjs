import { once } from "node:events";
import { createServer } from "node:net";

/** Where nobody listens any more. */
export async function closedAddress() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return `http://127.0.0.1:${port}`;
}
