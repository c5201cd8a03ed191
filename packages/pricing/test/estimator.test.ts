import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEstimator } from "../src/estimate/index.ts";

const observation = fc.record({
  estimated: fc.integer({ min: 1, max: 1_000_000 }),
  actual: fc.integer({ min: 1, max: 1_000_000 }),
});

describe("what an estimator learns", () => {
  it("is nothing at first", () => {
    expect(createEstimator().factor("gpt-5")).toBe(1);
    expect(createEstimator({ initialFactor: 1.3 }).factor("gpt-5")).toBe(1.3);
  });

  it("is the ratio of what was and what was estimated", () => {
    const estimator = createEstimator();
    for (let call = 0; call < 100; call++) estimator.learn("gpt-5", 100, 130);
    expect(estimator.factor("gpt-5")).toBeCloseTo(1.3, 2);
  });

  it("holds for models of the family that nothing is known of, however they are called", () => {
    const estimator = createEstimator();
    for (let call = 0; call < 100; call++) estimator.learn("claude-opus-4", 100, 200);
    const factors = [
      "claude-haiku-4",
      "anthropic/claude-x",
      "us.anthropic.claude-y",
      "a:claude-z",
    ].map(estimator.factor);
    for (const factor of factors) expect(factor).toBeCloseTo(2, 1);
    expect(estimator.factor("gpt-5")).toBe(1);
    estimator.learn("llama3.2", 100, 800);
    expect(estimator.factor("qwen2.2")).toBe(1);
  });

  it("stays from 1/8 to 8, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 300 }), (observations) => {
        const estimator = createEstimator();
        for (const { estimated, actual } of observations) estimator.learn("m", estimated, actual);
        expect(estimator.factor("m")).toBeGreaterThanOrEqual(1 / 8);
        expect(estimator.factor("m")).toBeLessThanOrEqual(8);
      }),
    );
  });

  it("is the same in any order, until the past begins to fade", () => {
    const shuffled = fc
      .array(observation, { maxLength: 250 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      );
    fc.assert(
      fc.property(shuffled, (orders) => {
        const [first, second] = orders.map((observations) => {
          const estimator = createEstimator();
          for (const { estimated, actual } of observations) estimator.learn("m", estimated, actual);
          return estimator.factor("m");
        });
        expect(first).toBeCloseTo(second ?? 0, 9);
      }),
    );
  });

  it("lies between the least and the most that was seen", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 13, max: 799 }), { minLength: 1 }), (actuals) => {
        const estimator = createEstimator({ initialFactor: (actuals[0] ?? 100) / 100 });
        for (const actual of actuals) estimator.learn("m", 100, actual);
        expect(estimator.factor("m")).toBeGreaterThanOrEqual(Math.min(...actuals) / 100 - 1e-9);
        expect(estimator.factor("m")).toBeLessThanOrEqual(Math.max(...actuals) / 100 + 1e-9);
      }),
    );
  });

  it("follows a change within some hundred calls, however long the past", () => {
    const estimator = createEstimator();
    for (let call = 0; call < 100_000; call++) estimator.learn("m", 100, 100);
    for (let call = 0; call < 1_000; call++) estimator.learn("m", 100, 200);
    expect(estimator.factor("m")).toBeGreaterThan(1.9);
  });

  it("is not spoilt by one call", () => {
    const estimator = createEstimator();
    for (let call = 0; call < 100; call++) estimator.learn("m", 100, 110);
    estimator.learn("m", 1_000_000, 1);
    expect(estimator.factor("m")).toBeGreaterThan(1.05);
  });

  it("is nothing from counts that are none", () => {
    const estimator = createEstimator();
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      estimator.learn("m", bad, 100);
      estimator.learn("m", 100, bad);
    }
    expect(estimator.factor("m")).toBe(1);
  });

  it("is bounded: the models that came first go first", () => {
    const estimator = createEstimator({ maxModels: 10 });
    for (let model = 0; model < 1_000; model++) estimator.learn(`m${model}-x`, 100, 800);
    expect(estimator.factor("m0-x")).toBe(1);
    expect(estimator.factor("m999-x")).toBeGreaterThan(1);
  });
});
