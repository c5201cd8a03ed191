import type { Origin } from "../records.ts";
import type { Tally } from "../tally.ts";
import { asArray, asObject, asText } from "./fields.ts";
import { readKeyValues } from "./values.ts";

/** Names of the three levels that an export request has. */
export interface BlockNames {
  readonly resources: string;
  readonly scopes: string;
  readonly records: string;
}

/** Calls `readRecord` for each record of an export request, which has the same shape for all signals. */
export function readBlocks(
  request: Readonly<Record<string, unknown>>,
  names: BlockNames,
  tally: Tally,
  readRecord: (record: unknown, origin: Origin) => void,
): void {
  for (const resourceBlock of asArray(request[names.resources])) {
    const resources = asObject(resourceBlock);
    tally.valuesLeft = tally.limits.valuesPerRecord;
    const resource = readKeyValues(asObject(resources["resource"])["attributes"], tally, undefined);
    for (const scopeBlock of asArray(resources[names.scopes])) {
      const scopes = asObject(scopeBlock);
      const origin = readOrigin(asObject(scopes["scope"]), resource, tally);
      for (const record of asArray(scopes[names.records])) readRecord(record, origin);
    }
  }
}

function readOrigin(
  scope: Readonly<Record<string, unknown>>,
  resource: Origin["resource"],
  tally: Tally,
): Origin {
  tally.valuesLeft = tally.limits.valuesPerRecord;
  return {
    resource,
    scopeName: asText(scope["name"], tally),
    scopeVersion: asText(scope["version"], tally),
    scope: readKeyValues(scope["attributes"], tally, undefined),
  };
}
