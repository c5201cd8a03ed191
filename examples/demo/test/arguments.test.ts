import { describe, expect, it } from "vitest";
import { parseArguments } from "../src/arguments.ts";

describe("parseArguments", () => {
  it("runs until Ctrl-C without any", () => {
    expect(parseArguments([])).toEqual({
      kind: "run",
      options: { once: false, json: false, holdSeconds: 0 },
    });
  });

  it("takes --once with --json and --hold", () => {
    expect(parseArguments(["--once", "--json", "--hold", "1.5"])).toEqual({
      kind: "run",
      options: { once: true, json: true, holdSeconds: 1.5 },
    });
  });

  it("takes --help before anything else", () => {
    expect(parseArguments(["--json", "--help"])).toEqual({ kind: "help" });
    expect(parseArguments(["-h"])).toEqual({ kind: "help" });
  });

  it.each([
    [["--onec"], "Unknown option '--onec'"],
    [["once"], "Unexpected argument 'once'"],
    [["--once", "--hold"], "argument missing"],
    [["--json"], "--json goes with --once"],
    [["--hold", "5"], "--hold goes with --once"],
    [["--once", "--hold", "soon"], '--hold 30, not "soon"'],
    [["--once", "--hold", ""], '--hold 30, not ""'],
    [["--once", "--hold=-1"], '--hold 30, not "-1"'],
    [["--once", "--hold", "1e9"], '--hold 30, not "1e9"'],
  ])("refuses %j and says why", (args, message) => {
    expect(parseArguments(args)).toEqual({
      kind: "wrong",
      message: expect.stringContaining(message),
    });
  });
});
