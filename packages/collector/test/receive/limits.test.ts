import { expect, test } from "vitest";
import { createOtlpReceiver, type ReceiverLimits, type Take } from "../../src/index.ts";

const take: Take = () => Promise.resolve({ outcome: "taken" });

test.each<readonly [string, Partial<ReceiverLimits>, string]>([
  ["no whole number", { bodyBytes: 1.5 }, "limit bodyBytes is 1.5; give a whole number above 0"],
  ["zero", { recordsPerRequest: 0 }, "limit recordsPerRequest is 0"],
  ["a share above one", { callerShare: 2 }, "limit callerShare is 2; give above 0 and at most 1"],
  ["a queue too small", { queueBytes: 1_000 }, "give at least bodyBytes + decompressedBytes"],
])("%s is refused", (_, limits, message) => {
  expect(() => createOtlpReceiver({ take, limits })).toThrow(
    expect.objectContaining({
      code: "TOLLGATE_CONFIG_INVALID",
      message: expect.stringContaining(message),
    }),
  );
});
