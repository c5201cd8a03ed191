import { INSTRUCTIONS, NO_PARAMETERS, QUESTION } from "../prompts.mjs";
import { usualScenarios } from "../usual-scenarios.mjs";

const CONVERSATION = [{ role: "user", content: [{ text: QUESTION }] }];
const CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const REFUSED_CLAUDE = "anthropic.claude-3-5-haiku-20241022-v1:0";

/** HTTP/2, as the client does by itself; with the package of its handlers HTTP/1.1. */
export function scenarios([sdk, handlers], baseUrl) {
  const send = (scenario, command, options) => {
    const client = createClient(sdk, handlers, baseUrl, scenario, options);
    return client.send(command, options.signal && { abortSignal: options.signal });
  };
  return {
    ...usualScenarios("converse", converse(sdk, send)),
    ...usualScenarios("invoke", invoke(sdk, send)),
    "converse callback json": (n) =>
      new Promise((resolve, reject) => {
        const client = createClient(sdk, handlers, baseUrl, n, {});
        client.send(new sdk.ConverseCommand(asked({})), (error, answer) =>
          error ? reject(error) : resolve(tell(answer)),
        );
      }),
    "converse one client json": async (n) => {
      const client = createClient(sdk, handlers, baseUrl, n, {});
      const ask = async () => tell(await client.send(new sdk.ConverseCommand(asked({}))));
      return [await ask(), ...(await Promise.all([ask(), ask()]))];
    },
    "converse aggregated client json": async (n) => {
      const client = createClient(sdk, handlers, baseUrl, n, {}, sdk.BedrockRuntime);
      return tell(await client.converse(asked({})));
    },
    "converse own middleware json": async (n) => {
      const seen = [];
      const client = createClient(sdk, handlers, baseUrl, n, {});
      const look = (next) => async (args) => {
        const result = await next(args);
        seen.push(result.response.statusCode, Object.keys(result.output));
        return result;
      };
      client.middlewareStack.add(look, { step: "deserialize", priority: "high" });
      return { answer: tell(await client.send(new sdk.ConverseCommand(asked({})))), seen };
    },
    "converse stream read by hand": async (n) => {
      const { stream } = await send(n, new sdk.ConverseStreamCommand(asked({})), {});
      const iterator = stream[Symbol.asyncIterator]();
      const items = [];
      for (let step = await iterator.next(); !step.done; step = await iterator.next()) {
        items.push(step.value);
      }
      return items;
    },
  };
}

function createClient(sdk, handlers, ownUrl, scenario, options, Client = sdk.BedrockRuntimeClient) {
  const limits = options.timeoutMs
    ? { requestTimeout: options.timeoutMs, throwOnRequestTimeout: true }
    : {};
  const client = new Client({
    region: "us-east-1",
    endpoint: options.baseUrl ?? ownUrl,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1 + (options.retries ?? 0),
    retryMode: "standard",
    requestHandler: handlers ? new handlers.NodeHttpHandler(limits) : limits,
  });
  const name = (next) => (args) => {
    args.request.headers["x-scenario"] = scenario;
    return next(args);
  };
  client.middlewareStack.add(name, { step: "build" });
  return client;
}

const asked = (options) => ({
  modelId: options.model ?? CLAUDE,
  system: [{ text: INSTRUCTIONS }],
  messages: CONVERSATION,
  ...(options.limitTokens && { inferenceConfig: { maxTokens: options.limitTokens } }),
  ...(options.tools && {
    toolConfig: {
      tools: [{ toolSpec: { name: "weather", inputSchema: { json: NO_PARAMETERS } } }],
    },
  }),
});

function converse(sdk, send) {
  return {
    ask: async (n, options) =>
      tell(await send(n, new sdk.ConverseCommand(asked(options)), options)),
    stream: async (n, options) => {
      const { stream } = await send(n, new sdk.ConverseStreamCommand(asked(options)), options);
      return stream;
    },
    refusedModel: REFUSED_CLAUDE,
  };
}

const invocation = (options) => ({
  modelId: options.model ?? CLAUDE,
  body: JSON.stringify({
    anthropic_version: "bedrock-2023-05-31",
    max_tokens: options.limitTokens ?? 500,
    system: INSTRUCTIONS,
    messages: [{ role: "user", content: QUESTION }],
    ...(options.tools && { tools: [{ name: "weather", input_schema: NO_PARAMETERS }] }),
  }),
});

function invoke(sdk, send) {
  return {
    ask: async (n, options) => {
      const command = new sdk.InvokeModelCommand(invocation(options));
      const { body, ...answer } = await send(n, command, options);
      return tell({ ...answer, body: JSON.parse(body.transformToString()) });
    },
    stream: async (n, options) => {
      const command = new sdk.InvokeModelWithResponseStreamCommand(invocation(options));
      const { body } = await send(n, command, options);
      return decoded(body);
    },
    refusedModel: REFUSED_CLAUDE,
  };
}

/** How long retries waited is by chance. */
function tell({ $metadata: { httpStatusCode, attempts }, ...answer }) {
  return { ...answer, httpStatusCode, attempts };
}

async function* decoded(events) {
  for await (const { chunk } of events) yield JSON.parse(new TextDecoder().decode(chunk.bytes));
}
