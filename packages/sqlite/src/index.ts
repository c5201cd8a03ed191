export type { FileKind } from "./file-kind.ts";
export { openSqliteFile } from "./open-file.ts";
export { numberIn, textIn } from "./read-row.ts";
export type { Row } from "./read-row.ts";
export { fileIdentity, setAside } from "./set-aside.ts";
export { isBusy, isCorrupt, toFileError, unavailable } from "./sqlite-error.ts";
export { createTurns } from "./turns.ts";
export type { Turns, TurnsOptions } from "./turns.ts";
