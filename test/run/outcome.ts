import * as z from "zod";

/** A suite that did not run for want of a server. */
export interface SkippedSuite {
  readonly name: string;
  readonly file: string;
  readonly tests: number;
  readonly missingServers: readonly { readonly server: string; readonly debianPackage: string }[];
}

/** What a run of all tests came to: written by the reporter, read by `test/run.ts`. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedSuites: readonly SkippedSuite[];
  /** Failures that are no test's: a file that does not load, a hook, an error outside of tests. */
  readonly problems: readonly string[];
}

export const outcomeSchema: z.ZodType<Outcome> = z.object({
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  skippedSuites: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      tests: z.int(),
      missingServers: z.array(z.object({ server: z.string(), debianPackage: z.string() })),
    }),
  ),
  problems: z.array(z.string()),
});
