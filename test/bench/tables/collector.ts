import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { createDecoder, createOtlpReceiver, type OtlpFormat } from "@tollgate/collector";
import { decodeOtlp, encodeOtlp } from "@tollgate/testkit";
import fastify, { type FastifyInstance } from "fastify";
import { CONTENT, genAiExport, SPANS } from "../collector/gen-ai-export.ts";
import { measure, type Lane } from "../measure.ts";
import { judge, type Column, type Row, type Table, type Target } from "../table.ts";

const COLUMNS: readonly Column[] = [
  { key: "p10", title: "p10", digits: 2 },
  { key: "median", title: "median", digits: 2 },
  { key: "ratio", title: "ratio", digits: 2, unit: "×" },
  { key: "requests", title: "requests/s", digits: 0 },
];

const WITHOUT_PROMPTS = "into records, prompts not read";

const TARGETS: readonly Target[] = [
  {
    what: "decoding a span, protobuf",
    row: WITHOUT_PROMPTS,
    group: "protobuf",
    column: "p10",
    atMost: 8,
    unit: "µs",
  },
];

/**
 * What a collector spends on an export of 512 GenAI spans before anything is done with it, in microseconds per span: decoding beside the
 * plain decoding of a library, and whole requests (client and server in one process) beside a server that reads the body and answers.
 */
export const collector: Table = {
  name: "collector",
  async run({ rounds }) {
    const request = genAiExport();
    const protobuf = encodeOtlp("traces", request);
    const json = Buffer.from(JSON.stringify(request));
    const http = await startServers();
    const lanes: readonly Lane[] = [
      {
        name: "protobufjs into objects (floor)",
        group: "protobuf",
        run: () => decodeOtlp("traces", protobuf),
      },
      ...decodeLanes("protobuf", protobuf),
      {
        name: "JSON.parse (floor)",
        group: "json",
        run: (): unknown => JSON.parse(json.toString()),
      },
      ...decodeLanes("json", json),
      {
        name: "a request that is read and answered (floor)",
        group: "http",
        run: () => http.post("/floor", protobuf),
      },
      {
        name: "a request through the receiver",
        group: "http",
        run: () => http.post("/v1/traces", protobuf),
      },
    ];
    const measured = await measure(lanes, { rounds, runsPerRound: 4 });
    await http.close();
    const rows = measured.map(({ name, group, wallP10, wallMedian }): Row => {
      const floor = measured.find((each) => each.group === group)?.wallP10 ?? Number.NaN;
      return {
        name,
        group,
        values: {
          p10: wallP10 / SPANS,
          median: wallMedian / SPANS,
          ratio: wallP10 / floor,
          requests: group === "http" ? 1e6 / wallP10 : undefined,
        },
      };
    });
    return {
      title: "receiving a GenAI span (µs)",
      columns: COLUMNS,
      rows,
      notes: [`${SPANS} spans, ${kilobytes(protobuf)} in protobuf, ${kilobytes(json)} in JSON`],
      targets: judge(rows, TARGETS),
    };
  },
};

function decodeLanes(format: OtlpFormat, body: Buffer): readonly Lane[] {
  const all = createDecoder();
  const some = createDecoder({ wants: (name) => !CONTENT.has(name) });
  return [
    { name: "into records", group: format, run: () => all.decode("traces", format, body) },
    { name: WITHOUT_PROMPTS, group: format, run: () => some.decode("traces", format, body) },
  ];
}

interface Servers {
  post(path: string, body: Buffer): Promise<void>;
  close(): Promise<void>;
}

async function startServers(): Promise<Servers> {
  const server = fastify();
  await server.register(
    createOtlpReceiver({
      take: () => Promise.resolve({ outcome: "taken" }),
      wants: (name) => !CONTENT.has(name),
    }).http,
  );
  await server.register(readAndAnswer);
  await server.listen({ host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true });
  return {
    async post(path, body) {
      const sent = httpRequest(server.listeningOrigin + path, {
        agent,
        method: "POST",
        headers: {
          "content-type": "application/x-protobuf",
          "content-length": body.length,
        },
      });
      sent.end(body);
      const [response]: IncomingMessage[] = await once(sent, "response");
      if (response?.statusCode !== 200) throw new Error(`${path} is not taken`);
      response.resume();
      await once(response, "end");
    },
    async close() {
      agent.destroy();
      await server.close();
    },
  };
}

async function readAndAnswer(server: FastifyInstance): Promise<void> {
  server.addContentTypeParser(
    "application/x-protobuf",
    { parseAs: "buffer", bodyLimit: 64 * 1024 * 1024 },
    (_request, body, done) => done(null, body),
  );
  server.post("/floor", () => "");
}

function kilobytes(body: Buffer): string {
  return `${Math.round(body.length / 1000)} kB`;
}
