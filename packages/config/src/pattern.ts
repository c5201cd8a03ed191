import { createRequire } from "node:module";

/** Loaded by configurations that have patterns only. */
const require = createRequire(import.meta.url);

interface Re2 {
  readonly RE2JS: { compile(source: string): Compiled };
}

interface Compiled {
  matcher(value: string): {
    find(): boolean;
    groupCount(): number;
    group(group: number): string | null;
  };
}

/** Longer values match nothing: cut ones would end where a pattern ends that they do not match. */
const MAX_MATCHED_LENGTH = 1024;
const MAX_PATTERN_LENGTH = 512;

/**
 * A regular expression that users write, in RE2's syntax: no look-around and no back-references, and in exchange the time
 * it takes grows with the value only. The values come from whoever may send telemetry.
 */
export interface Pattern {
  /** @returns `template` with `$1` to `$9` and `$0` filled in, or `undefined` when the value does not match. */
  apply(value: string, template: string): string | undefined;
}

/** @throws Error saying what is wrong with the pattern. */
export function compilePattern(source: string): Pattern {
  if (source.length > MAX_PATTERN_LENGTH) {
    throw new Error(`is longer than ${MAX_PATTERN_LENGTH} characters`);
  }
  const { RE2JS }: Re2 = require("re2js");
  const compiled = RE2JS.compile(source);
  return {
    apply(value, template) {
      if (value.length > MAX_MATCHED_LENGTH) return undefined;
      const matcher = compiled.matcher(value);
      if (!matcher.find()) return undefined;
      return template.replaceAll(/\$(\d)/g, (_, digit: string) => {
        const group = Number(digit);
        return group > matcher.groupCount() ? "" : (matcher.group(group) ?? "");
      });
    },
  };
}

/** A text with `*` for anything, without a regular expression: `prod-*`. */
export function matchesGlob(value: string, glob: string): boolean {
  const parts = glob.split("*");
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return value === glob;
  const last = rest.pop() ?? "";
  if (!value.startsWith(first) || value.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= value.length - last.length && value.endsWith(last);
}
