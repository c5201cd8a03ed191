import type { TokenUsage } from "@tollgate/core";

/** What is read of an answer. */
export type AnswerFact =
  | keyof TokenUsage
  | "model"
  | "billedModel"
  | "id"
  | "finishReasons"
  | "toolCalls"
  | "serviceTier"
  | "speed"
  | "region";

/**
 * Where in an answer a fact is said: `usage.input_tokens`. `+` adds up, `|` stands between alternatives of
 * which the first that is there counts. The name of another count stands for what that is, a number is
 * always so, and `""` says that it is not read there.
 * `list[]` is every element, `list[type=a]` those whose `type` is `a`, `list.length` how many there are.
 */
export type AnswerFields = Readonly<Partial<Record<AnswerFact, string>>>;

/** One kind of event in a stream. */
export interface StreamPart {
  /** Its type; none where all parts of a stream look alike. */
  readonly event?: string;
  /** Below which member the fields of a whole answer stand in it; "" when it is like one itself. */
  readonly answerAt?: string;
  /** Of the fields of a whole answer, it has the counts only. */
  readonly countsOnly?: boolean;
  /** What it says otherwise, or more. */
  readonly fields?: AnswerFields;
}

/**
 * What an API's answers say and where they say it. Data for people: docs/providers.md is made of it, and
 * a test holds it against what the codec reads.
 */
export interface ApiDescription {
  /** The provider's own. */
  readonly reference: string;
  /** A whole answer in JSON. */
  readonly answer?: AnswerFields;
  readonly stream?: readonly StreamPart[];
  /** Response headers, for what a body leaves out. */
  readonly headers?: AnswerFields;
  /** The ids of APIs whose answers may come instead. */
  readonly like?: readonly string[];
  /** What the fields alone do not say. */
  readonly notes?: readonly string[];
  /** What is not read, or not sure. */
  readonly limits?: readonly string[];
}
