import * as z from "zod";

/**
 * One recorded HTTP exchange with what a meter should read from it.
 *
 * Members that only people need (`note`, `source`, `licence`, …) are not read.
 */
export interface CorpusCase {
  readonly id: string;
  readonly provider: string;
  readonly operation: string;
  /** `authored`: a person made it up, figures included. */
  readonly provenance?: string | undefined;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Headers;
    readonly body?: string | undefined;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Headers;
    readonly body?: string | undefined;
    /** Instead of `body`, for answers that are no text. */
    readonly bodyBase64?: string | undefined;
  };
  readonly expected: Expectation & {
    readonly requestModel?: string | undefined;
    readonly units?: { readonly webSearchRequests?: number | undefined } | undefined;
    /** What the provider says that it billed. */
    readonly providerCost?: { readonly usd: number } | undefined;
    readonly alternatives: readonly Alternative[];
  };
}

/** What an answer holds. */
export interface Expectation {
  readonly responseModel?: string | null | undefined;
  /** Null: the answer has no token counts. */
  readonly usage: Counts | null;
  readonly finishReasons: readonly string[];
  readonly toolCalls: readonly string[];
  readonly additionalUsage: readonly { readonly model: string; readonly usage: Counts }[];
}

export type Counts = Readonly<Record<string, number | undefined>>;

/** Another reading of the same answer; `acceptable` where nobody can say which is right. */
export type Alternative = { readonly acceptable: boolean } & {
  readonly [Key in keyof Expectation]?: Expectation[Key] | undefined;
};

type Headers = Readonly<Record<string, string>>;

const headersSchema = z.record(z.string(), z.string()).default({});
const countsSchema = z.record(z.string(), z.number());
const expectationShape = {
  responseModel: z.string().nullish(),
  usage: countsSchema.nullable(),
  finishReasons: z.array(z.string()),
  toolCalls: z.array(z.string()),
  additionalUsage: z.array(z.object({ model: z.string(), usage: countsSchema })),
};
const alternativeSchema = z
  .object({ ...expectationShape })
  .partial()
  .extend({ acceptable: z.boolean() });

/** Lenient about what it does not need; what it needs must be there. */
export const corpusCaseSchema: z.ZodType<CorpusCase> = z.object({
  id: z.string().min(1),
  provider: z.string().min(1),
  operation: z.string().min(1),
  provenance: z.string().optional(),
  request: z.object({
    method: z.string(),
    url: z.url(),
    headers: headersSchema,
    body: z.string().optional(),
  }),
  response: z
    .object({
      status: z.int().min(200).max(599),
      headers: headersSchema,
      body: z.string().optional(),
      bodyBase64: z.base64().optional(),
    })
    .refine((response) => (response.body === undefined) !== (response.bodyBase64 === undefined), {
      error: "give either body or bodyBase64",
    }),
  expected: z.object({
    ...expectationShape,
    finishReasons: expectationShape.finishReasons.default([]),
    toolCalls: expectationShape.toolCalls.default([]),
    additionalUsage: expectationShape.additionalUsage.default([]),
    requestModel: z.string().optional(),
    providerCost: z.object({ usd: z.number().nonnegative() }).optional(),
    units: z.object({ webSearchRequests: z.number().optional() }).optional(),
    alternatives: z.array(alternativeSchema).default([]),
  }),
});

/** The expected reading, and every other one that nobody can say is wrong. */
export function acceptableExpectations({ expected }: CorpusCase): readonly Expectation[] {
  const others = expected.alternatives.filter((alternative) => alternative.acceptable);
  return [
    expected,
    ...others.map((other) => ({
      responseModel:
        other.responseModel === undefined ? expected.responseModel : other.responseModel,
      usage: other.usage === undefined ? expected.usage : other.usage,
      finishReasons: other.finishReasons ?? expected.finishReasons,
      toolCalls: other.toolCalls ?? expected.toolCalls,
      additionalUsage: other.additionalUsage ?? expected.additionalUsage,
    })),
  ];
}

export function responseBytes({ response }: CorpusCase): Buffer {
  return response.bodyBase64 === undefined
    ? Buffer.from(response.body ?? "", "utf8")
    : Buffer.from(response.bodyBase64, "base64");
}
