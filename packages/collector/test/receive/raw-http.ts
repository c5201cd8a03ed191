import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A sender that writes what it likes, when it likes. */
export interface RawSender {
  readonly socket: Socket;
  /** Resolves as soon as the status line is there. @param nth - of which answer on this connection */
  status(nth?: number): Promise<number>;
  /** Resolves when the other side has closed. */
  closed(): Promise<void>;
}

export async function sendRaw(port: number, headers: Record<string, string>): Promise<RawSender> {
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
  socket.write(headOf(headers));
  return {
    socket,
    async status(nth = 1) {
      while (statusesIn(answer).length < nth) {
        if (socket.destroyed) throw new Error("closed without an answer");
        await Promise.race([once(socket, "data"), closed]);
      }
      return statusesIn(answer)[nth - 1] ?? 0;
    },
    closed: () => closed,
  };
}

function statusesIn(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1.1 (\d{3})/g)].map(([, status]) => Number(status));
}

export function headOf(headers: Record<string, string>): string {
  const lines = Object.entries({ host: "x", "content-type": "application/json", ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `POST /v1/traces HTTP/1.1\r\n${head}\r\n`;
}
