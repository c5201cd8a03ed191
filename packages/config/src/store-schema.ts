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
const redisSchema = z
  .union([
    redisUrlsSchema.transform((url): RedisConfig => ({ url, namespace: undefined })),
    z.strictObject({
      url: redisUrlsSchema,
      namespace: z
        .string({ error: NAMESPACE_HINT })
        .regex(/^[A-Za-z0-9._:-]{1,64}$/, NAMESPACE_HINT)
        .optional(),
    }),
  ])
  .transform(({ url, namespace }) => ({ url, namespace }));

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
