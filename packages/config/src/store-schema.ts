import * as z from "zod";
import type { RedisConfig, StoreConfig, StoreConfigInput } from "./store-config.ts";

const PATH_HINT = "write the path of a file, such as ./budget.db";
const pathSchema = z.string({ error: PATH_HINT }).min(1, PATH_HINT).refine(isPath, PATH_HINT);

function isPath(text: string): boolean {
  return text.trim() === text && text !== ":memory:" && !text.startsWith("file:");
}

const REDIS_HINT = "write redis://user:password@host:6379, rediss:// for TLS";
const redisUrlSchema = z
  .string({ error: REDIS_HINT })
  // The message does not show the URL: there may be a password in it.
  .refine(
    (url) => /^rediss?:\/\//.test(url) && URL.canParse(url),
    `is no URL of a Redis server; ${REDIS_HINT}`,
  );
const redisUrlsSchema = z.union([redisUrlSchema, z.array(redisUrlSchema).min(1, REDIS_HINT)], {
  error: `${REDIS_HINT}, or a list of them for a cluster`,
});
const NAMESPACE_HINT = "write 1 to 64 of A-Z a-z 0-9 . _ : -";
const DEFAULT_OUTBOX = "./tollgate-outbox";
const OUTBOX_HINT = "write the beginning of a path, such as ./tollgate-outbox, or false";
const PARTITION_HINT = "write organization, or leave it out";
const redisOptionsSchema = z.strictObject({
  url: redisUrlsSchema,
  namespace: z
    .string({ error: NAMESPACE_HINT })
    .regex(/^[A-Za-z0-9._:-]{1,64}$/, NAMESPACE_HINT)
    .optional(),
  outbox: z
    .union([z.string().refine(isBeginning, OUTBOX_HINT), z.literal(false)], { error: OUTBOX_HINT })
    .default(DEFAULT_OUTBOX),
  // It goes on, so that the other form of the key is not taken to be meant.
  partition: z
    .custom<"organization">((value) => value === "organization", {
      error: PARTITION_HINT,
      abort: false,
    })
    .optional(),
});
const redisSchema = z
  .union([
    redisUrlsSchema.transform((url): z.output<typeof redisOptionsSchema> => ({
      url,
      outbox: DEFAULT_OUTBOX,
    })),
    redisOptionsSchema,
  ])
  .transform(({ url, namespace, outbox, partition }): RedisConfig => ({
    url,
    namespace,
    outbox: outbox === false ? undefined : outbox,
    partition,
  }));

/** The names of files go on from it, so it is no folder. */
function isBeginning(path: string): boolean {
  return path.trim() === path && /[^/\\]$/.test(path);
}

const STORE_HINT =
  "write where budgets are kept: { sqlite: ./budget.db } or { redis: redis://host:6379 }";

const SLICES_HINT = "write true, to take parts of busy budgets ahead, or false";

export const storeSchema: z.ZodType<StoreConfig, StoreConfigInput> = z
  .strictObject(
    {
      sqlite: pathSchema.optional(),
      redis: redisSchema.optional(),
      slices: z.boolean({ error: SLICES_HINT }).default(false),
    },
    { error: (issue) => (issue.code === "invalid_type" ? STORE_HINT : undefined) },
  )
  .refine(({ sqlite, redis }) => (sqlite === undefined) !== (redis === undefined), {
    error: `is kept in one place; ${STORE_HINT}`,
  })
  .transform(({ sqlite, redis, slices }) => ({ sqlite, redis, slices }));
