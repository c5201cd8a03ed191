import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8Length } from "../src/json/utf8-length.ts";

const PIECE = 16_384;

test("a text has as many bytes as fetch sends of it, counted by us or by the runtime", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("é", "你好", "\ud83d", "😀"),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(0, PIECE - 2, PIECE - 1, PIECE, 3 * PIECE), (part, shift) => {
      const whole = "x".repeat(shift) + part + "y".repeat(shift % 7) + part.repeat(shift % 5);
      const expected = new TextEncoder().encode(whole).length;
      expect(utf8Length(whole)).toBe(expected);
      expect(utf8Length(whole, null)).toBe(expected);
    }),
  );
});

test.each(["你好", "é", "x😀"])("a long text of %s is counted whole", (part) => {
  const whole = part.repeat(PIECE);
  expect(utf8Length(whole)).toBe(new TextEncoder().encode(whole).length);
});
