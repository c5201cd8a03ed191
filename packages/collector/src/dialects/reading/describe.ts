import type { DialectField } from "../dialect.ts";
import { FACTS, type Fact, type FactNames } from "./facts.ts";

/** The rows of the docs for a table of facts. */
export function fieldsOf(names: FactNames): readonly DialectField[] {
  return Object.entries(FACTS).flatMap(([fact, becomes]) => {
    const sources = isFact(fact) ? names[fact] : undefined;
    return sources === undefined || sources.length === 0
      ? []
      : [{ source: sources.map((name) => `\`${name}\``).join(", "), becomes }];
  });
}

function isFact(name: string): name is Fact {
  return name in FACTS;
}
