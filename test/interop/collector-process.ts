/**
 * A collector in a process of its own, so that it can be killed: `collector-process.ts FOLDER`, where
 * FOLDER holds tollgate.yaml. Says where it listens as a line of JSON, and ends when its stdin does.
 */
import { startCollector } from "@tollgate/collector";
import { loadConfig } from "@tollgate/config";

const [folder = "."] = process.argv.slice(2);
const config = loadConfig({ cwd: folder, env: {} });
const collector = await startCollector({ config, dataFolder: folder });
const { url, grpcPort } = collector;
process.stdout.write(`${JSON.stringify({ url, grpcPort })}\n`);
process.stdin.resume();
process.stdin.once("end", () => void collector.close());
