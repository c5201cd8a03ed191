import { createNoopMeter, trace, type Meter } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { followApp } from "../src/telemetry/follow-app.ts";
import type { PrivateProvider } from "../src/telemetry/private-provider.ts";

const appMeter = createNoopMeter();
const appTracer = trace.getTracer("app");
const ownTracer = trace.getTracer("own");

function rig() {
  const log: string[] = [];
  const app: { meter: Meter | undefined } = { meter: undefined };
  const own = <Instrument>(name: string, instrument: Instrument): PrivateProvider<Instrument> => {
    log.push(`${name} made`);
    return {
      instrument,
      flush: async () => void log.push(`${name} flushed`),
      shutdown: async () => void log.push(`${name} shut down`),
    };
  };
  const ownMeter: Meter = Object.create(appMeter);
  const telemetry = followApp({
    app: { meter: () => app.meter, tracer: () => appTracer },
    createMeter: () => own("meter", ownMeter),
    createTracer: () => own("tracer", ownTracer),
  });
  return { log, app, telemetry, ownMeter };
}

test("makes nothing before it is asked", async () => {
  const { log, telemetry } = rig();
  await telemetry.flush();
  expect(log).toEqual([]);
});

test("makes an own provider only for the signal that the app has none for", () => {
  const { log, telemetry, ownMeter } = rig();
  expect(telemetry.tracer()).toBe(appTracer);
  expect(telemetry.meter()).toBe(ownMeter);
  expect(telemetry.meter()).toBe(ownMeter);
  expect(log).toEqual(["meter made"]);
});

test("moves to the app's provider when it comes, and ends its own", async () => {
  const { log, app, telemetry } = rig();
  telemetry.meter();
  app.meter = appMeter;
  expect(telemetry.meter()).toBe(appMeter);
  expect(telemetry.meter()).toBe(appMeter);
  await telemetry.flush();
  expect(log).toEqual(["meter made", "meter shut down"]);
});
