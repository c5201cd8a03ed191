import { createHash } from "node:crypto";
import { END } from "./end.ts";
import { ENTER } from "./enter.ts";
import { PRELUDE } from "./prelude.ts";
import { RENEW } from "./renew.ts";
import { RESERVE } from "./reserve.ts";
import { CONTROL, PUT_CONTROLS, TOP_UP } from "./operate.ts";
import { LIST_PARTITIONS, REGISTER } from "./registry.ts";
import { FORGET, PEEK, STATES } from "./states.ts";

export type ScriptName =
  | "reserve"
  | "end"
  | "renew"
  | "control"
  | "putControls"
  | "register"
  | "listPartitions"
  | "topUp"
  | "states"
  | "peek"
  | "forget";

const BODIES: Readonly<Record<ScriptName, string>> = {
  reserve: RESERVE,
  end: END,
  renew: RENEW,
  control: CONTROL,
  putControls: PUT_CONTROLS,
  register: REGISTER,
  listPartitions: LIST_PARTITIONS,
  topUp: TOP_UP,
  states: STATES,
  peek: PEEK,
  forget: FORGET,
};

export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** Run by its text: it says which server the others are for. */
export const ENTER_TEXT: string = PRELUDE + ENTER;

/**
 * The scripts for one run of one server. Their text names the run, so that a server that was started or
 * took over since cannot know them: it answers `NOSCRIPT`, and the client finds out where it is.
 */
export function scriptsFor(run: string): Readonly<Record<ScriptName, Script>> {
  const script = (name: ScriptName): Script => {
    const text = `-- tollgate ${name} for ${run}\n${PRELUDE}${BODIES[name]}`;
    return { text, sha: createHash("sha1").update(text).digest("hex") };
  };
  return {
    reserve: script("reserve"),
    end: script("end"),
    renew: script("renew"),
    control: script("control"),
    putControls: script("putControls"),
    register: script("register"),
    listPartitions: script("listPartitions"),
    topUp: script("topUp"),
    states: script("states"),
    peek: script("peek"),
    forget: script("forget"),
  };
}
