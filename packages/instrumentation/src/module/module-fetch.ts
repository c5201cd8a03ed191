import type { AnswerKind, ClientKind } from "../call/client-kind.ts";
import { fetchClient } from "../fetch/fetch-client.ts";
import type { FetchInit, FetchInput } from "../fetch/outgoing-request.ts";

/** What any fetch answers with. */
export interface ModuleResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
}

export type ModuleFetch = (input: FetchInput, init: FetchInit) => Promise<ModuleResponse>;

export type ModuleResponseClass = new (
  body: unknown,
  init: Readonly<Record<string, unknown>>,
) => ModuleResponse;

export type ModuleFetchClient = ClientKind<FetchInput, FetchInit, ModuleResponse>;

export function isModuleFetch(value: unknown): value is ModuleFetch {
  return typeof value === "function";
}

export function isResponseClass(value: unknown): value is ModuleResponseClass {
  return typeof value === "function";
}

/** A fetch that a module exports: it is asked like the global one and answers with a class of its own. */
export function createModuleFetchClient(
  answers: Pick<AnswerKind<ModuleResponse>, "tap" | "refuse">,
): ModuleFetchClient {
  return {
    requests: fetchClient.requests,
    answers: {
      status: (response) => response.status,
      header: (response, name) => response.headers.get(name) ?? undefined,
      ...answers,
    },
  };
}
