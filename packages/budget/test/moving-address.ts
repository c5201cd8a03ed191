import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** An address on loopback that leads to one server or another, as a name or a service's address does. */
export interface MovingAddress {
  readonly port: number;
  /** Where new connections lead from now on; those there are stay. */
  moveTo(port: number): void;
}

export async function openMovingAddress(port: number): Promise<MovingAddress> {
  let target = port;
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    const to = createConnection(target, "127.0.0.1");
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no free loopback port");
  return {
    port: address.port,
    moveTo(next) {
      target = next;
    },
  };
}
