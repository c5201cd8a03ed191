import type { Origin } from "../records.ts";
import { enter, leave, readName, type Source } from "./source.ts";
import { readKeyValue, type AttributesSoFar } from "./values.ts";

const FIRST = (1 << 3) | 2;
const SECOND = (2 << 3) | 2;
const ATTRIBUTES_OF_RESOURCE = (1 << 3) | 2;
const SCOPE_NAME = (1 << 3) | 2;
const SCOPE_VERSION = (2 << 3) | 2;
const ATTRIBUTES_OF_SCOPE = (3 << 3) | 2;

type ReadRecord = (source: Source, origin: Origin) => void;

/**
 * Goes through the records of an export request, which has the same shape for all signals: blocks of a resource, in
 * them blocks of a scope, in them the records. A resource may stand behind its records, so each block is gone through
 * twice: passing over a message costs next to nothing.
 */
export function readBlocks(source: Source, readRecord: ReadRecord): void {
  const { reader } = source;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === FIRST) readResourceBlock(source, readRecord);
    else reader.skipType(tag & 7);
  }
}

function readResourceBlock(source: Source, readRecord: ReadRecord): void {
  const { reader } = source;
  const outer = enter(reader);
  const resource: AttributesSoFar = {};
  const start = reader.pos;
  eachField(source, FIRST, () => readResource(source, resource));
  reader.pos = start;
  eachField(source, SECOND, () => readScopeBlock(source, resource, readRecord));
  leave(reader, outer);
}

function readScopeBlock(source: Source, resource: AttributesSoFar, readRecord: ReadRecord): void {
  const { reader } = source;
  const outer = enter(reader);
  let origin: Origin = { resource, scopeName: "", scopeVersion: "", scope: {} };
  const start = reader.pos;
  eachField(source, FIRST, () => {
    origin = readScope(source, resource);
  });
  reader.pos = start;
  eachField(source, SECOND, () => readRecord(source, origin));
  leave(reader, outer);
}

function eachField({ reader }: Source, wanted: number, read: () => void): void {
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === wanted) read();
    else reader.skipType(tag & 7);
  }
}

function readResource(source: Source, into: AttributesSoFar): void {
  const { reader, tally } = source;
  const outer = enter(reader);
  tally.valuesLeft = tally.limits.valuesPerRecord;
  eachField(source, ATTRIBUTES_OF_RESOURCE, () => readKeyValue(source, into, "all"));
  leave(reader, outer);
}

function readScope(source: Source, resource: AttributesSoFar): Origin {
  const { reader, tally } = source;
  const outer = enter(reader);
  tally.valuesLeft = tally.limits.valuesPerRecord;
  const scope: AttributesSoFar = {};
  let scopeName = "";
  let scopeVersion = "";
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === SCOPE_NAME) scopeName = readName(source);
    else if (tag === SCOPE_VERSION) scopeVersion = readName(source);
    else if (tag === ATTRIBUTES_OF_SCOPE) readKeyValue(source, scope, "all");
    else reader.skipType(tag & 7);
  }
  leave(reader, outer);
  return { resource, scopeName, scopeVersion, scope };
}
