import type { ContentMessage } from "@tollgate/wire";
import { diag } from "@opentelemetry/api";
import type { ContentKind, RedactContent } from "./content-options.ts";
import { discreetly } from "./discreetly.ts";

/** Redacts messages; `undefined` when any of them cannot be, since the rest might not be meant to be seen. */
export type Redact = (
  messages: readonly ContentMessage[],
  kind: ContentKind,
) => readonly ContentMessage[] | undefined;

export function createRedact(redact: RedactContent | undefined): Redact {
  if (redact === undefined) return (messages) => messages;
  return (messages, kind) =>
    discreetly("redactContent", () => {
      const redacted: ContentMessage[] = [];
      for (const message of messages) {
        // A copy: what is in it may be the app's own.
        const answer: unknown = redact(structuredClone(message), kind);
        if (answer === undefined) continue;
        if (!isMessage(answer)) {
          // Nobody else would hear of its failure, and the process would end.
          if (answer instanceof Promise) answer.catch(() => undefined);
          diag.error(
            "tollgate: redactContent gave no message; the content is not recorded. Return { role, parts } or undefined, and no promise",
          );
          return undefined;
        }
        redacted.push(answer);
      }
      return redacted;
    });
}

function isMessage(value: unknown): value is ContentMessage {
  return (
    typeof value === "object" &&
    value !== null &&
    "role" in value &&
    typeof value.role === "string" &&
    "parts" in value &&
    Array.isArray(value.parts) &&
    value.parts.every((part) => typeof part === "object" && part !== null)
  );
}
