import { describe, expect, it, vi } from "vitest";
import { findServer, startPrometheus } from "../src/index.ts";

describe("findServer", () => {
  it("finds a program on the path", () => {
    expect(findServer("sh", "/nowhere:/bin")).toBe("/bin/sh");
  });

  it("is undefined for what is not there or cannot be run", () => {
    expect(findServer("no-such-server")).toBeUndefined();
    expect(findServer("passwd", "/etc")).toBeUndefined();
  });
});

describe("startPrometheus without a prometheus", () => {
  it("says how to install it", async () => {
    vi.stubEnv("PATH", "/nowhere");
    const starting = startPrometheus({ targets: [] });
    vi.unstubAllEnvs();
    await expect(starting).rejects.toThrow("apt-get install -y prometheus");
  });
});
