import * as foreign from "@tollgate/core/semconv/foreign";
import * as names from "@tollgate/core/semconv";
import type { Origin } from "../otlp/records.ts";
import type { Dialect, Sighting } from "./dialect.ts";
import { fieldsOf } from "./reading/describe.ts";
import { namesOf, type FactNames } from "./reading/facts.ts";
import { CURRENT_NAMES } from "./reading/gen-ai-names.ts";
import { kindIn, sightPoint, TOKEN_KINDS } from "./reading/points.ts";
import { ATTR_EVENT_NAME, eventOf, hasAny, serviceOf } from "./reading/sent-by.ts";
import { sightLog, sightSpan } from "./reading/sight.ts";

const TOKEN_USAGE = foreign.METRIC_CLIENT_TOKEN_USAGE;
const TOKEN_TYPE = foreign.ATTR_TOKEN_TYPE;

const NAMES: FactNames = {
  ...CURRENT_NAMES,
  timeToFirstChunkS: [
    ...(CURRENT_NAMES.timeToFirstChunkS ?? []),
    "github.copilot.time_to_first_chunk",
  ],
  timeToFirstChunkMs: ["copilot_chat.time_to_first_token"],
  session: [...(CURRENT_NAMES.session ?? []), "copilot_chat.session_id"],
  sender: [names.ATTR_CONVERSATION_ID],
  user: ["user.name", "enduser.pseudo.id"],
  repository: ["github.copilot.git.repository", "copilot_chat.repo.remote_url"],
  commit: ["github.copilot.git.commit_sha", "copilot_chat.repo.head_commit_hash"],
};

const KINDS = { input: TOKEN_KINDS.input, output: TOKEN_KINDS.output };
const CLAIMS = ["github.copilot.initiator", "github.copilot.turn_id", "copilot_chat.session_id"];
const SERVICES: ReadonlySet<string> = new Set(["copilot-chat", "github-copilot"]);

/** Copilot in VS Code, and its CLI. */
export const gitHubCopilot: Dialect = {
  id: "github-copilot",
  about: {
    title: "GitHub Copilot",
    senders:
      "Copilot Chat in VS Code (microsoft/vscode at 0151a9d3, extensions/copilot/docs/monitoring/agent_monitoring.md) and the Copilot CLI (its command reference in docs.github.com), read 2026-11-29; not run.",
    evidence: "documentation",
    fields: fieldsOf(NAMES),
    counts:
      "`chat` spans, else `gen_ai.client.inference.operation.details` events, else the histogram of tokens. `invoke_agent` spans add their calls up and are none.",
    limits: [
      "`github.copilot.cost` and `github.copilot.aiu` are not read: they count premium requests and AI units, not dollars.",
      "Repository and commit stand on the agent's span, not on its calls.",
    ],
  },
  reads: { names: [...namesOf(NAMES), ...CLAIMS, TOKEN_TYPE, ATTR_EVENT_NAME] },
  claimsSpan: (span) => isCopilot(span.origin) || hasAny(span.attributes, CLAIMS),
  readSpan: (span) => atGitHub(sightSpan(span, { names: NAMES })),
  claimsLog: ({ origin }) => isCopilot(origin),
  readLog: (log) =>
    eventOf(log) === names.EVENT_INFERENCE_DETAILS
      ? atGitHub(sightLog(log, { names: NAMES, provider: "github-copilot" }))
      : undefined,
  claimsPoint: ({ origin }) => isCopilot(origin),
  readPoint: (point, amount) =>
    point.metric === TOKEN_USAGE
      ? atGitHub(
          sightPoint(point, amount, {
            names: NAMES,
            kind: kindIn(KINDS, point.attributes[TOKEN_TYPE]),
          }),
        )
      : undefined,
  prefers: ["spans", "logs", "metrics"],
};

function isCopilot(origin: Origin): boolean {
  return SERVICES.has(serviceOf(origin)) || origin.scopeName.startsWith("github.copilot");
}

/** Models of one's own key keep their provider. */
function atGitHub(seen: Sighting | undefined): Sighting | undefined {
  return seen?.provider === "github" ? { ...seen, provider: "github-copilot" } : seen;
}
