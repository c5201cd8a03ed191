/**
 * A stream repeats itself: most of its events are equal but for a piece of text and a running number.
 * A template is such an event with the changing values taken out. Comparing the next event with it
 * costs a tenth of parsing it, and what matches is known to say nothing new: every other byte is the
 * same as in an event that was parsed and said nothing new.
 */
export interface EventTemplate {
  /** @returns where the matching event ends, or -1 when the text at `start` is another one. */
  match(text: string, start: number): number;
  /** UTF-16 code units of generated text in the last match. */
  matchedChars(): number;
}

/** The keys whose values change from event to event. All other keys must stay as they are. */
export interface TemplateKeys {
  /** Their texts are generated output and are counted. */
  readonly text: readonly string[];
  /** Their texts and numbers mean nothing to the reader. */
  readonly ignored: readonly string[];
}

/** What stands between the quotes of a JSON string. */
const STRING_CONTENT = String.raw`[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\x00-\x1f]*)*`;

/** Compiling costs as much as parsing fifty events, so streams of one model share the expressions. */
const MAX_CACHED = 256;

/**
 * Makes templates from the text of events. Quoted keys are found by their raw bytes: inside a JSON
 * string the closing quote would have a backslash before it.
 */
export function createTemplateCompiler(keys: TemplateKeys): (event: string) => EventTemplate {
  const names = [...keys.text, ...keys.ignored].join("|");
  const changing = new RegExp(`("(${names})" ?: ?)(?:"${STRING_CONTENT}"|\\d+)`, "g");
  const counted = new Set(keys.text);
  const cache = new Map<string, RegExp>();
  return (event) => {
    let source = "";
    let cursor = 0;
    for (const found of event.matchAll(changing)) {
      const [whole, key = "", name = ""] = found;
      const content = counted.has(name) ? `(${STRING_CONTENT})` : STRING_CONTENT;
      source += escapeRegExp(event.slice(cursor, found.index) + key);
      source += whole.endsWith('"') ? `"${content}"` : "\\d+";
      cursor = found.index + whole.length;
    }
    source += escapeRegExp(event.slice(cursor));
    // Some servers pad events with spaces, so that their length does not tell what they hold.
    source = source.replace(/ *\\\}\n\n$/, " *\\}\n\n");
    return createTemplate(cached(cache, source));
  };
}

function cached(cache: Map<string, RegExp>, source: string): RegExp {
  let expression = cache.get(source);
  if (expression === undefined) {
    if (cache.size >= MAX_CACHED) cache.clear();
    expression = new RegExp(source, "y");
    cache.set(source, expression);
  }
  return expression;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function createTemplate(expression: RegExp): EventTemplate {
  let chars = 0;
  return {
    matchedChars: () => chars,
    match: (text, start) => {
      expression.lastIndex = start;
      const found = execute(expression, text);
      if (found === null) return -1;
      chars = 0;
      for (let group = 1; group < found.length; group++) chars += contentLength(found[group] ?? "");
      return expression.lastIndex;
    },
  };
}

/** A text of many megabytes may be more than the engine can bear; it is parsed like an unknown one. */
function execute(expression: RegExp, text: string): RegExpExecArray | null {
  try {
    return expression.exec(text);
  } catch {
    return null;
  }
}

function contentLength(raw: string): number {
  if (!raw.includes("\\")) return raw.length;
  const value: unknown = JSON.parse(`"${raw}"`);
  return typeof value === "string" ? value.length : 0;
}
