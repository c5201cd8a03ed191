import {
  CONTENT_VARIABLE,
  parseContentMode,
  type Attribution,
  type ContentMode,
} from "@tollgate/core";
import type { Problem } from "../problem/problem.ts";
import { nearestName } from "../problem/nearest-name.ts";
import { MAX_NAME_LENGTH, NAME_HINT } from "../name.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the `TOLLGATE_*` variables say. */
export interface EnvironmentConfig {
  readonly configFile: string | undefined;
  readonly attribution: Attribution;
  readonly trustBaggage: boolean | undefined;
  /** OpenTelemetry's own variable; what it does not know means no content. */
  readonly captureContent: ContentMode | undefined;
  readonly runDir: string | undefined;
  readonly disabled: boolean;
  readonly reload: boolean;
  readonly onConfigError: "exit" | "ignore";
  /** Names of the variables that said something, sorted. */
  readonly variables: readonly string[];
  readonly problems: readonly Problem[];
}

const PREFIX = "TOLLGATE_";
const VARIABLES = [
  "TOLLGATE_CONFIG",
  "TOLLGATE_ORGANIZATION",
  "TOLLGATE_PROJECT",
  "TOLLGATE_TASK",
  "TOLLGATE_AGENT",
  "TOLLGATE_TRUST_BAGGAGE",
  "TOLLGATE_RUN_DIR",
  "TOLLGATE_ON_CONFIG_ERROR",
  "TOLLGATE_DISABLED",
  "TOLLGATE_RELOAD",
] as const;
type Variable = (typeof VARIABLES)[number];

const BOOLEANS: Readonly<Partial<Record<string, boolean>>> = { true: true, false: false };

/**
 * What Kubernetes sets in every pod for a service that is called `tollgate` or `tollgate-...`
 * (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 */
const KUBERNETES =
  /_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;

/** Reads all variables and reports every mistake. An empty variable says nothing, as with OpenTelemetry's. */
export function readEnvironment(env: Environment): EnvironmentConfig {
  const problems: Problem[] = misspeltVariables(env);
  const said = (name: Variable): string | undefined => env[name]?.trim() || undefined;
  const report = (key: Variable, message: string): undefined => {
    problems.push({ source: "environment", key, message });
  };
  const name = (variable: Variable): string | undefined => {
    const text = said(variable);
    const isTooLong = text !== undefined && text.length > MAX_NAME_LENGTH;
    return isTooLong ? report(variable, `is too long; ${NAME_HINT}`) : text;
  };
  const boolean = (variable: Variable): boolean | undefined => {
    const text = said(variable);
    if (text === undefined) return undefined;
    return (
      BOOLEANS[text.toLowerCase()] ??
      report(variable, `is ${JSON.stringify(text)}; write true or false`)
    );
  };
  const onConfigError = said("TOLLGATE_ON_CONFIG_ERROR") ?? "exit";
  if (onConfigError !== "exit" && onConfigError !== "ignore") {
    report("TOLLGATE_ON_CONFIG_ERROR", `is ${JSON.stringify(onConfigError)}; write exit or ignore`);
  }
  return {
    configFile: said("TOLLGATE_CONFIG"),
    attribution: withoutUndefined({
      organization: name("TOLLGATE_ORGANIZATION"),
      project: name("TOLLGATE_PROJECT"),
      task: name("TOLLGATE_TASK"),
      agent: name("TOLLGATE_AGENT"),
    }),
    trustBaggage: boolean("TOLLGATE_TRUST_BAGGAGE"),
    captureContent: readContentMode(env[CONTENT_VARIABLE]),
    runDir: said("TOLLGATE_RUN_DIR"),
    disabled: boolean("TOLLGATE_DISABLED") ?? false,
    reload: boolean("TOLLGATE_RELOAD") ?? true,
    onConfigError: onConfigError === "ignore" ? "ignore" : "exit",
    variables: VARIABLES.filter((variable) => said(variable) !== undefined).toSorted(),
    problems,
  };
}

/** A mistake is no error here: the variable is there for all instrumentations, which warn of it themselves. */
function readContentMode(text: string | undefined): ContentMode | undefined {
  return text?.trim() ? (parseContentMode(text) ?? "NO_CONTENT") : undefined;
}

function withoutUndefined(names: Attribution): Attribution {
  return Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined));
}

/**
 * Variables that look like ours and are not. What is near none of ours belongs to someone else, such as
 * an app of that name.
 */
function misspeltVariables(env: Environment): Problem[] {
  const known = VARIABLES.map((variable) => variable.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.toUpperCase().startsWith(PREFIX) && env[name]?.trim())
    .filter((name) => !isKnown(name) && !KUBERNETES.test(name))
    .toSorted()
    .flatMap((name) => {
      const nearest = nearestName(name.slice(PREFIX.length), known);
      if (nearest === undefined) return [];
      const message = `unknown variable; did you mean ${PREFIX}${nearest}?`;
      return [{ source: "environment", key: name, message }];
    });
}

function isKnown(name: string): boolean {
  return VARIABLES.some((variable) => variable === name);
}
