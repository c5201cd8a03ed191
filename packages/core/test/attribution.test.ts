import { describe, expect, test } from "vitest";
import {
  currentAttribution,
  currentMeteredUrl,
  mergeAttribution,
  withAttribution,
  withMeteredUrl,
} from "../src/index.ts";

describe("mergeAttribution", () => {
  test("a later layer wins where it says something", () => {
    expect(mergeAttribution({ project: "a", agent: "x" }, undefined, { agent: "y" })).toEqual({
      project: "a",
      agent: "y",
    });
  });

  test("undefined in a layer says nothing", () => {
    expect(mergeAttribution({ project: "a" }, { project: undefined })).toEqual({ project: "a" });
  });

  test("tags merge key by key", () => {
    const merged = mergeAttribution({ tags: { a: "1", b: "1" } }, { tags: { b: "2" } });
    expect(merged.tags).toEqual({ a: "1", b: "2" });
  });
});

describe("withAttribution", () => {
  test("nests: the inner one wins and inherits the rest", () => {
    withAttribution({ organization: "acme", agent: "planner" }, () => {
      withAttribution({ agent: "writer" }, () => {
        expect(currentAttribution()).toEqual({ organization: "acme", agent: "writer" });
      });
      expect(currentAttribution()?.agent).toBe("planner");
    });
    expect(currentAttribution()).toBeUndefined();
  });

  test("follows asynchronous work, side by side", async () => {
    const seen = await Promise.all(
      ["a", "b", "c"].map((task) =>
        withAttribution({ task }, async () => {
          await Promise.resolve();
          return currentAttribution()?.task;
        }),
      ),
    );
    expect(seen).toEqual(["a", "b", "c"]);
  });

  test("returns what the function returns, and lets its error through", () => {
    expect(withAttribution({}, () => 7)).toBe(7);
    expect(() =>
      withAttribution({}, () => {
        throw new Error("the app's own");
      }),
    ).toThrow("the app's own");
  });

  test("is kept inside a metered call, which knows its URL", () => {
    withAttribution({ agent: "planner" }, () =>
      withMeteredUrl("https://api.example/v1", () => {
        expect(currentAttribution()).toEqual({ agent: "planner" });
        expect(currentMeteredUrl()).toBe("https://api.example/v1");
        withAttribution({ task: "t" }, () => {
          expect(currentMeteredUrl()).toBe("https://api.example/v1");
        });
      }),
    );
    expect(currentMeteredUrl()).toBeUndefined();
  });
});
