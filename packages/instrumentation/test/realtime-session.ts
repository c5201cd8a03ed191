import { createBudgetProcessor, parsePolicies, type BudgetProcessor } from "@tollgate/budget";
import type { UsageEvent } from "@tollgate/core";
import { startFakeRealtime, type FakeRealtime, type RealtimeConnection } from "@tollgate/testkit";
import { WebSocket as UndiciSocket } from "undici";
import { WebSocket as WsSocket } from "ws";
import { onTestFinished } from "vitest";
import { createCallMeter, hookGlobalWebSocket } from "../src/index.ts";
import type { CallMeter, MeteringOptions } from "../src/fetch/index.ts";
import { watchWsSocket } from "../src/module/ws-socket.ts";
import { watchEventTarget } from "../src/realtime/event-target-socket.ts";
import { createSocketClasses, isSocketClass } from "../src/realtime/socket-class.ts";

export interface Message {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A client on a fake server, with everything it was told and everything that was booked. */
export interface Session {
  readonly server: FakeRealtime;
  readonly connection: RealtimeConnection;
  readonly socket: WebSocket | UndiciSocket | WsSocket;
  readonly budget: BudgetProcessor;
  readonly events: UsageEvent[];
  readonly messages: Message[];
  send(message: object): void;
  /** The next message of a type, from now on or already there. */
  message(type: string): Promise<Message>;
  nextEvent(): Promise<UsageEvent>;
}

export interface SessionOptions extends Omit<MeteringOptions, "onUsage"> {
  readonly policies?: unknown;
  /** In which to construct the socket. */
  readonly within?: Within;
}

type Kind = "global" | "undici" | "ws";
type Within = <Result>(fn: () => Result) => Result;

export const KINDS: readonly Kind[] = ["global", "undici", "ws"];

function openGlobal(meter: CallMeter, url: string, within: Within): WebSocket {
  const unhook = hookGlobalWebSocket(meter);
  const socket = within(() => new WebSocket(url, ["realtime"]));
  unhook();
  return socket;
}

function openUndici(meter: CallMeter, url: string, within: Within): UndiciSocket {
  const classes = createSocketClasses((made, address) =>
    watchEventTarget(meter.realtime, made, address),
  );
  if (!isSocketClass(UndiciSocket)) throw new Error("undici exports no class");
  const Metered = classes.wrap(UndiciSocket);
  const socket = within(() => new Metered(url, ["realtime"]));
  classes.stop();
  if (!(socket instanceof UndiciSocket)) throw new Error("not a socket of undici");
  return socket;
}

function openWs(meter: CallMeter, url: string, within: Within): WsSocket {
  const classes = createSocketClasses((made, address) =>
    watchWsSocket(meter.realtime, made, address),
  );
  if (!isSocketClass(WsSocket)) throw new Error("ws exports no class");
  const Metered = classes.wrap(WsSocket);
  const socket = within(() => new Metered(url, ["realtime"]));
  classes.stop();
  if (!(socket instanceof WsSocket)) throw new Error("not a socket of ws");
  return socket;
}

const OPEN = { global: openGlobal, undici: openUndici, ws: openWs } as const;

export async function openSession(
  kind: Kind,
  { policies = [], within = (fn) => fn(), ...options }: SessionOptions = {},
): Promise<Session> {
  const server = await startFakeRealtime();
  onTestFinished(() => server.close());
  const budget = options.budget ?? createBudgetProcessor({ policies: parsePolicies(policies) });
  const events: UsageEvent[] = [];
  const messages: Message[] = [];
  const waiting = new Set<() => void>();
  const tell = (): void => waiting.forEach((look) => look());
  const meter = createCallMeter({
    ...options,
    budget,
    onUsage(event) {
      events.push(event);
      tell();
    },
  });
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });

  const arriving = server.nextConnection();
  const url = `${server.url}?model=gpt-realtime`;
  const socket = OPEN[kind](meter, url, within);
  socket.addEventListener("message", (event: { readonly data: unknown }) => {
    messages.push(JSON.parse(String(event.data)));
    tell();
  });
  const opened = new Promise<void>((resolve) => socket.addEventListener("open", () => resolve()));
  const connection = await arriving;
  await opened;
  let seen = 0;
  const session: Session = {
    server,
    connection,
    socket,
    budget,
    events,
    messages,
    send: (message) => socket.send(JSON.stringify(message)),
    message: (type) => until(() => messages.find((message) => message.type === type)),
    nextEvent() {
      const index = seen++;
      return until(() => events[index]);
    },
  };
  await session.message("session.created");
  return session;
}

export const ASK: { readonly type: string } = { type: "response.create" };
