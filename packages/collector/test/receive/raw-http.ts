import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A sender that writes what it likes, when it likes. */
export interface RawSender {
  readonly socket: Socket;
  /** Everything that came back so far. */
  readonly answer: () => string;
  /** Resolves as soon as the status line is there. */
  status(): Promise<number>;
  /** Resolves when the other side has closed. */
  closed(): Promise<void>;
}

export async function sendRaw(
  port: number,
  headers: Record<string, string>,
  path = "/v1/traces",
): Promise<RawSender> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  let answer = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    answer += String(chunk);
  });
  const closed = new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
  });
  await once(socket, "connect");
  const lines = Object.entries({ host: "x", "content-type": "application/json", ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`POST ${path} HTTP/1.1\r\n${head}\r\n`);
  return {
    socket,
    answer: () => answer,
    async status() {
      while (!/^HTTP\/1.1 \d{3}/.test(answer)) {
        if (socket.destroyed) throw new Error("closed without an answer");
        await Promise.race([once(socket, "data"), closed]);
      }
      return Number(answer.slice(9, 12));
    },
    closed: () => closed,
  };
}
