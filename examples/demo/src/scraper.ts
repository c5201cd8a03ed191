import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parsePrometheusText, type PrometheusFamily } from "@tollgate/testkit";

const SCRAPE_TIMEOUT_MS = 3_000;

/** Reads the metrics of every process that announces itself in a folder. */
export interface Scraper {
  /** Scrapes all processes that are up. What cannot be read keeps its last answer. */
  poll(): Promise<void>;
  /** The last answer of every process there ever was, by its instance name. */
  scrapes(): ReadonlyMap<string, readonly PrometheusFamily[]>;
}

/** What a process says of itself. */
interface Announcement {
  readonly instance: string;
  readonly metricsUrl: string;
}

/** @param runDir - where each process puts `<pid>.json` with its `serviceName` and `metricsUrl`. */
export function createScraper(runDir: string): Scraper {
  const scrapes = new Map<string, readonly PrometheusFamily[]>();
  async function scrape({ instance, metricsUrl }: Announcement): Promise<void> {
    const response = await fetch(metricsUrl, { signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS) });
    if (response.ok) scrapes.set(instance, parsePrometheusText(await response.text()));
  }
  return {
    async poll() {
      const announcements = await readAnnouncements(runDir);
      // A process may end while it is read; its last answer is what counts then.
      await Promise.allSettled(announcements.map(scrape));
    },
    scrapes: () => scrapes,
  };
}

async function readAnnouncements(runDir: string): Promise<Announcement[]> {
  const names = (await readdir(runDir)).filter((name) => name.endsWith(".json"));
  const read = await Promise.all(
    names.toSorted().map(async (name) => {
      const text = await readFile(join(runDir, name), "utf8").catch(() => "");
      return parseAnnouncement(text);
    }),
  );
  return read.filter((announcement) => announcement !== undefined);
}

/** @returns `undefined` for what is no announcement, or only half written. */
export function parseAnnouncement(text: string): Announcement | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  if (!("pid" in parsed && "serviceName" in parsed && "metricsUrl" in parsed)) return undefined;
  const { pid, serviceName, metricsUrl } = parsed;
  if (typeof metricsUrl !== "string" || typeof serviceName !== "string") return undefined;
  return { instance: `${serviceName}-${String(pid)}`, metricsUrl };
}
