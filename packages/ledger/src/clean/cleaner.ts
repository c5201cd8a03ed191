import { cleanText, NAME_CHARS } from "./clean-text.ts";

/** The largest count of tokens, seconds or pages that is believed of one event. */
const MAX_COUNT = 1e12;
/** Longest list of an event, such as its tool calls. */
const MAX_ITEMS = 256;

/** Cleans the members of one event and notes what it changed. */
export interface Cleaner {
  /** What was changed, in words; `undefined` when nothing was. */
  notes: string[] | undefined;
  text(path: string, value: string, limit?: number): string;
  /** An empty text says nothing. */
  name(path: string, value: string | undefined, limit?: number): string | undefined;
  /** Whole, from 0 to a limit. A fraction is rounded up; anything else is unknown. */
  count(path: string, value: number | undefined, limit?: number): number | undefined;
  /** Finite and not negative, or unknown. */
  measure(path: string, value: number | undefined): number | undefined;
  names(path: string, values: readonly string[]): readonly string[];
  note(path: string, value: unknown): void;
}

export function createCleaner(): Cleaner {
  const cleaner: Cleaner = {
    notes: undefined,
    text(path, value, limit = NAME_CHARS) {
      if (typeof value !== "string") {
        cleaner.note(path, value);
        return cleanText(String(value), limit);
      }
      const clean = cleanText(value, limit);
      if (clean !== value) cleaner.note(path, value);
      return clean;
    },
    name(path, value, limit) {
      if (value === undefined || value === null || value === "") return undefined;
      return cleaner.text(path, value, limit);
    },
    count(path, value, limit = MAX_COUNT) {
      if (value === undefined || value === null) return undefined;
      if (isCount(value, limit)) return value;
      cleaner.note(path, value);
      const whole = Math.ceil(value);
      return whole >= 0 && whole <= limit ? Math.abs(whole) : undefined;
    },
    measure(path, value) {
      if (value === undefined || value === null) return undefined;
      if (Number.isFinite(value) && value >= 0) return value;
      cleaner.note(path, value);
      return undefined;
    },
    names(path, values) {
      if (values.length <= MAX_ITEMS && values.every(isClean)) return values;
      if (values.length > MAX_ITEMS) cleaner.note(path, `${values.length} items`);
      const clean = values.slice(0, MAX_ITEMS).map((value) => cleaner.text(path, value));
      const isSame =
        clean.length === values.length && clean.every((value, at) => value === values[at]);
      return isSame ? values : clean;
    },
    note(path, value) {
      const said = typeof value === "string" ? `text of ${value.length} characters` : String(value);
      (cleaner.notes ??= []).push(`${path}: ${said.slice(0, 80)}`);
    },
  };
  return cleaner;
}

/** Needs no cleaning. */
export function isCount(value: number | undefined, limit: number = MAX_COUNT): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= limit;
}

function isClean(value: string): boolean {
  return typeof value === "string" && cleanText(value, NAME_CHARS) === value;
}
