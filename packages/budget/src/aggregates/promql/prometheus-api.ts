/** Where a Prometheus answers, or what speaks its HTTP API: Mimir, Thanos, VictoriaMetrics. */
export interface PrometheusApiOptions {
  /** Up to where `/api/v1/query` begins, such as `http://prometheus:9090` or `https://mimir/prometheus`. */
  readonly url: string;
  /** Sent with every query: authorization, a tenant. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How long an answer is waited for. */
  readonly timeoutSeconds: number;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Evaluates expressions that give vectors. */
export interface PrometheusApi {
  /** @throws Error that says why there is no answer, or none that can be trusted. */
  query(expression: string, atMs: number): Promise<readonly Sample[]>;
  /** Ends what is under way. */
  close(): void;
}

const MAX_SHOWN = 120;

export function createPrometheusApi(options: PrometheusApiOptions): PrometheusApi {
  const address = `${options.url.replace(/\/+$/, "")}/api/v1/query`;
  const closing = new AbortController();

  async function ask(expression: string, atMs: number): Promise<Response> {
    const send = options.fetch ?? globalThis.fetch;
    return await send(address, {
      method: "POST",
      headers: {
        ...options.headers,
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({
        query: expression,
        time: (atMs / 1_000).toFixed(3),
        timeout: `${Math.ceil(options.timeoutSeconds)}s`,
        // Thanos and VictoriaMetrics: half a sum is no sum. Others do not know these.
        partial_response: "false",
        deny_partial_response: "1",
      }).toString(),
      redirect: "error",
      signal: AbortSignal.any([
        closing.signal,
        AbortSignal.timeout(Math.ceil(options.timeoutSeconds * 1_000)),
      ]),
    });
  }

  return {
    async query(expression, atMs) {
      const response = await ask(expression, atMs);
      const text = await response.text();
      return readAnswer(text, response.status);
    },
    close: () => closing.abort(),
  };
}

/**
 * Reads the answer to an instant query
 * (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries).
 *
 * @throws Error when it is no whole vector.
 */
function readAnswer(text: string, status: number): readonly Sample[] {
  const body = parse(text);
  if (body === undefined) {
    throw new Error(`HTTP ${status} and no JSON: ${JSON.stringify(text.slice(0, MAX_SHOWN))}`);
  }
  if (member(body, "status") !== "success") {
    const said = member(body, "error");
    throw new Error(`HTTP ${status}${typeof said === "string" ? `: ${said}` : ", not a success"}`);
  }
  const warnings = member(body, "warnings");
  if (member(body, "isPartial") === true || (Array.isArray(warnings) && warnings.length > 0)) {
    throw new Error(`the answer may lack a part: ${JSON.stringify(warnings ?? "isPartial")}`);
  }
  const data = member(body, "data");
  const result = member(data, "result");
  if (member(data, "resultType") !== "vector" || !Array.isArray(result)) {
    throw new Error("the answer is not a vector");
  }
  return result.map(readSample);
}

function readSample(entry: unknown): Sample {
  const pair = member(entry, "value");
  const text: unknown = Array.isArray(pair) ? pair[1] : undefined;
  const value = typeof text === "string" && text !== "" ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new Error("the answer has a sample that is no number");
  const labels: Record<string, string> = {};
  const metric = member(entry, "metric");
  if (typeof metric === "object" && metric !== null) {
    for (const [name, label] of Object.entries(metric)) {
      if (typeof label === "string") labels[name] = label;
    }
  }
  return { labels, value };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
