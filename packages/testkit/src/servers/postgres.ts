import { execFile } from "node:child_process";
import { chown, readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { findServer } from "./find-server.ts";
import { startServer } from "./server-process.ts";

export interface PostgresOptions {
  /** @defaultValue 30,000 */
  readonly readyTimeoutMs?: number;
}

export interface PostgresServer {
  /** Of an empty database; its user may do everything. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the server by its pid and removes all it wrote. */
  stop(): Promise<void>;
}

/** Where Debian puts the programs of each version. */
const DEBIAN = "/usr/lib/postgresql";
/** Postgres does not start for root. Debian's package makes the first; the other is everywhere. */
const USERS = ["postgres", "nobody"];

/** The path of the newest installed `postgres`, on `PATH` or where Debian puts it. */
export function findPostgres(): string | undefined {
  return findServer("postgres") ?? findServer("postgres", debianFolders().join(delimiter));
}

function debianFolders(): string[] {
  try {
    const versions = readdirSync(DEBIAN).toSorted((one, other) => Number(other) - Number(one));
    return versions.map((version) => join(DEBIAN, version, "bin"));
  } catch {
    return [];
  }
}

/**
 * Starts a PostgreSQL on a free loopback port, in a new folder, as it comes: what it has committed is on the disk.
 *
 * @throws Error when it is not installed (ask {@link findPostgres} first) or does not start.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const program = findPostgres();
  if (program === undefined) {
    throw new Error(
      `no postgres on PATH or in ${DEBIAN}; on Debian: apt-get install -y postgresql`,
    );
  }
  const owner = process.getuid?.() === 0 ? await findUser() : undefined;
  const server = await startServer({
    name: "postgres",
    program,
    readyTimeoutMs: options.readyTimeoutMs ?? 30_000,
    // Its own word for: end now, in order, whoever is connected.
    stopSignal: "SIGINT",
    ...(owner && { user: owner }),
    configure: async (folder, port) => {
      if (owner !== undefined) await chown(folder, owner.uid, owner.gid);
      const data = join(folder, "data");
      const initdb = program.replace(/postgres$/, "initdb");
      const made = ["-D", data, "-U", "tollgate", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"];
      await promisify(execFile)(initdb, made, { cwd: folder, ...owner });
      await writeFile(join(data, "postgresql.auto.conf"), settings(folder, port));
      return ["-D", data];
    },
    isReady: acceptsConnections,
  });
  return {
    url: `postgres://tollgate@127.0.0.1:${server.port}/postgres`,
    port: server.port,
    pid: server.pid,
    stop: () => server.stop(),
  };
}

function settings(folder: string, port: number): string {
  return [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${folder}'`,
    "max_connections = 100",
    "",
  ].join("\n");
}

async function findUser(): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const [, , uid, gid] =
    USERS.map((name) => lines.find(([each]) => each === name)).find((line) => line !== undefined) ??
    [];
  if (uid === undefined || gid === undefined) {
    throw new Error(`postgres does not start for root, and there is no user ${USERS.join(" or ")}`);
  }
  return { uid: Number(uid), gid: Number(gid) };
}

/** Whether it lets a client in: `StartupMessage`, https://www.postgresql.org/docs/current/protocol-message-formats.html */
function acceptsConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.on("error", () => end(false));
    socket.on("close", () => resolve(false));
    socket.on("connect", () => socket.write(startupMessage()));
    // `R`: asks for no password; `E` is an error, such as that it is still starting.
    socket.on("data", (data: Buffer) => end(data.toString("latin1", 0, 1) === "R"));
  });
}

function startupMessage(): Buffer {
  const body = Buffer.from("\0\x03\0\0user\0tollgate\0database\0postgres\0\0", "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}
