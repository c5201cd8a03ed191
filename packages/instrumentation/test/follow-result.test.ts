import { currentAttribution, type AgentRun } from "@tollgate/core";
import { describe, expect, test } from "vitest";
import { traceAgent } from "../src/index.ts";

const agent = (): string | undefined => currentAttribution()?.agent;

function traced<Result>(fn: () => Result): { result: Result; runs: AgentRun[] } {
  const runs: AgentRun[] = [];
  return { result: traceAgent("planner", fn, { onEnd: (run) => runs.push(run) }), runs };
}

async function* countTo(limit: number): AsyncGenerator<string, number> {
  for (let count = 1; count <= limit; count++) {
    await Promise.resolve();
    yield `${agent()}${count}`;
  }
  return limit;
}

async function read<Element>(elements: AsyncIterable<Element>): Promise<Element[]> {
  const all: Element[] = [];
  for await (const element of elements) all.push(element);
  return all;
}

/** As the SDKs' streams are: an iterable with methods of its own. */
class Stream {
  readonly controller: AbortController = new AbortController();
  [Symbol.asyncIterator](): AsyncIterator<string> {
    return countTo(3);
  }
}

/** As the SDKs' promises are: asks for the answer when somebody wants it. */
class LazyPromise extends Promise<number> {
  asked = 0;
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }
  // oxlint-disable-next-line unicorn/no-thenable -- what the SDKs do.
  override then<A, B>(
    onValue?: ((value: number) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.asked += 1;
    return super.then(onValue, onError);
  }
  withResponse(): string {
    return "response";
  }
}

describe("without any OpenTelemetry SDK", () => {
  test.each([1, "text", undefined, null, Symbol.for("x"), [1]])("%s comes back", (value) => {
    const { result, runs } = traced(() => value);
    expect(result).toBe(value);
    expect(runs).toHaveLength(1);
  });

  test("what is thrown is thrown", () => {
    const thrown = new TypeError("the app's own");
    const call = (): unknown =>
      traceAgent("planner", () => {
        throw thrown;
      });
    expect(call).toThrow(thrown);
  });

  test("the function is called once, in the agent's context", async () => {
    let calls = 0;
    const { result } = traced(async () => {
      calls += 1;
      await Promise.resolve();
      return agent();
    });
    expect([await result, calls, agent()]).toEqual(["planner", 1, undefined]);
  });

  test("a subscriber that throws is not heard by the app", () => {
    expect(traceAgent("planner", () => 7, { onEnd: fail })).toBe(7);
  });
});

describe("a promise", () => {
  test("ends the run with what it brings", async () => {
    const { result, runs } = traced(() => Promise.resolve(5));
    expect(runs).toEqual([]);
    expect(await result).toBe(5);
    expect(runs[0]).toMatchObject({ outcome: "completed" });
  });

  test("that nobody handles stays unhandled", async () => {
    const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
    const others = process.listeners("unhandledRejection").slice(0, -1);
    for (const other of others) process.off("unhandledRejection", other);
    const error = new Error("nobody cares");
    void traceAgent("planner", () => Promise.reject(error));
    expect(await unhandled).toBe(error);
    for (const other of others) process.on("unhandledRejection", other);
  });

  test("of an SDK's own class comes back itself, and is not asked before the app does", async () => {
    const lazy = new LazyPromise((resolve) => resolve(5));
    const { result, runs } = traced(() => lazy);
    expect(result).toBe(lazy);
    expect(result.withResponse()).toBe("response");
    expect([lazy.asked, runs.length]).toEqual([0, 0]);
    expect(await result).toBe(5);
    expect([lazy.asked, runs.length]).toEqual([1, 1]);
  });

  test("of an SDK's own class that fails does so for the app", async () => {
    const { result, runs } = traced(
      () => new LazyPromise((_, reject) => reject(new TypeError("x"))),
    );
    await expect(result).rejects.toThrow("x");
    expect(runs).toMatchObject([{ outcome: "failed", errorType: "TypeError" }]);
  });
});

describe("an async iterable", () => {
  test("that is a generator runs in the agent's context and ends the run at its end", async () => {
    const generator = countTo(3);
    const { result, runs } = traced(() => generator);
    expect(result).toBe(generator);
    expect(runs).toEqual([]);
    expect(await read(result)).toEqual(["planner1", "planner2", "planner3"]);
    expect(runs).toMatchObject([{ outcome: "completed" }]);
    expect(agent()).toBeUndefined();
  });

  test("gives its return value and takes what is sent to it", async () => {
    const { result } = traced(async function* echo(): AsyncGenerator<string, string, string> {
      const got = yield "ready";
      return `got ${got}`;
    });
    expect(await result.next("ignored")).toEqual({ done: false, value: "ready" });
    expect(await result.next("it")).toEqual({ done: true, value: "got it" });
  });

  test("that an SDK made comes back itself, with all its methods", async () => {
    const stream = new Stream();
    const { result, runs } = traced(() => Promise.resolve(stream));
    const got = await result;
    expect(got).toBe(stream);
    expect(Object.keys(got)).toEqual(["controller"]);
    expect(runs).toEqual([]);
    expect(await read(got)).toEqual(["planner1", "planner2", "planner3"]);
    expect(runs).toHaveLength(1);
  });

  test("that the app leaves ends the run as completed", async () => {
    const { result, runs } = traced(() => countTo(3));
    for await (const element of result) {
      if (element === "planner2") break;
    }
    expect(runs).toMatchObject([{ outcome: "completed" }]);
  });

  test("that fails on its way fails the run", async () => {
    const { result, runs } = traced(async function* failing() {
      yield 1;
      throw new RangeError("on its way");
    });
    await expect(read(result)).rejects.toThrow("on its way");
    expect(runs).toMatchObject([{ outcome: "failed", errorType: "RangeError" }]);
  });

  test("that may not be changed comes back as it is, and the run ends at once", async () => {
    const { result, runs } = traced(() => Object.freeze(new Stream()));
    expect(runs).toHaveLength(1);
    expect(await read(result)).toHaveLength(3);
  });

  test("of bytes is a plain value", () => {
    const { runs } = traced(() => new ReadableStream());
    expect(runs).toHaveLength(1);
  });
});

function fail(): never {
  throw new Error("mine");
}
