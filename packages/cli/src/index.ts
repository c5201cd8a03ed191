export { runProcess } from "./run-process.ts";
export { runTollgate } from "./run-tollgate.ts";
export type { Terminal } from "./terminal.ts";
