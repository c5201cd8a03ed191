import * as z from "zod";

/** Where usage events are kept: one of these. */
export interface LedgerConfig {
  /** A file that all processes of a machine share; a relative path begins at the folder of `tollgate.yaml`. */
  readonly sqlite?: string | undefined;
  /** A PostgreSQL that a fleet shares. */
  readonly postgres?: string | undefined;
  /** How long events are kept, in days; their sums are kept for ever. @defaultValue for ever */
  readonly keepDays?: number | undefined;
}

const PATH_HINT = "write the path of a file, such as ./ledger.db";
const URL_HINT = "write postgres://user:password@host:5432/database";
const DAYS_HINT = "write a whole number of days from 1 to 3660";
const LEDGER_HINT =
  "write where usage is kept: { sqlite: ./ledger.db } or { postgres: postgres://host/database }";

export const ledgerSchema: z.ZodType<LedgerConfig, LedgerConfig> = z
  .strictObject(
    {
      sqlite: z
        .string({ error: PATH_HINT })
        .min(1, PATH_HINT)
        .refine((text) => text.trim() === text && !/^(file:|:memory:$)/.test(text), PATH_HINT)
        .optional(),
      postgres: z
        .string({ error: URL_HINT })
        // The message does not show the URL: there may be a password in it.
        .refine(
          (url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url),
          `is no URL of a PostgreSQL; ${URL_HINT}`,
        )
        .optional(),
      keepDays: z.int({ error: DAYS_HINT }).min(1, DAYS_HINT).max(3_660, DAYS_HINT).optional(),
    },
    { error: (issue) => (issue.code === "invalid_type" ? LEDGER_HINT : undefined) },
  )
  .refine(({ sqlite, postgres }) => (sqlite === undefined) !== (postgres === undefined), {
    error: `is kept in one place; ${LEDGER_HINT}`,
  });
