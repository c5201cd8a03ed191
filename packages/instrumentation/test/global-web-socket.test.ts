import type { UsageEvent } from "@tollgate/core";
import { startFakeRealtime } from "@tollgate/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { createCallMeter, hookGlobalWebSocket } from "../src/index.ts";
import { ASK } from "./realtime-session.ts";

describe("the global WebSocket", () => {
  const meter = createCallMeter();

  test("is the same class for the app, and back when the hook ends", () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, "WebSocket");
    const Original = WebSocket;
    const unhook = hookGlobalWebSocket(meter);
    expect(WebSocket.name).toBe("WebSocket");
    expect(WebSocket.prototype).toBe(Original.prototype);
    expect(WebSocket.prototype.constructor).toBe(WebSocket);
    expect([WebSocket.CONNECTING, WebSocket.CLOSED]).toEqual([0, 3]);
    expect(() => Reflect.apply(WebSocket, undefined, ["ws://127.0.0.1"])).toThrow(TypeError);
    unhook();
    expect(Object.getOwnPropertyDescriptor(globalThis, "WebSocket")).toEqual(before);
    expect(WebSocket.prototype.constructor).toBe(Original);
  });

  test("leaves other sockets and subclasses alone", async () => {
    const server = await startFakeRealtime();
    onTestFinished(() => server.close());
    const unhook = hookGlobalWebSocket(meter);
    onTestFinished(unhook);
    class Own extends WebSocket {
      readonly own = true;
    }
    const socket = new Own(`${server.url}?other=1`, "realtime");
    expect(socket).toBeInstanceOf(Own);
    expect(socket.constructor).toBe(Own);
    expect(Object.hasOwn(socket, "send")).toBe(false);
    socket.close();
  });

  test("meters a socket once, under however many hooks", async () => {
    const server = await startFakeRealtime();
    onTestFinished(() => server.close());
    const events: UsageEvent[] = [];
    const booked = Promise.withResolvers<void>();
    const onUsage = (event: UsageEvent): void => {
      events.push(event);
      booked.resolve();
    };
    const hooks = [1, 2].map(() => hookGlobalWebSocket(createCallMeter({ onUsage })));
    onTestFinished(() => hooks.toReversed().forEach((unhook) => unhook()));
    const socket = new WebSocket(`${server.url}?model=gpt-realtime`, "realtime");
    socket.addEventListener("open", () => socket.send(JSON.stringify(ASK)));
    await booked.promise;
    socket.close();
    expect(events).toHaveLength(1);
  });
});
