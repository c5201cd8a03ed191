import { CLIENTS, type Cell, type Client } from "./clients.ts";

/** Every client in every format that it ships. */
export function allCells(clients: readonly Client[] = CLIENTS): Cell[] {
  return clients.flatMap((client) => client.formats.map((format) => ({ client, format })));
}

/**
 * The clients of a name, such as `openai 7`, or of all its versions, such as `openai`.
 *
 * @throws Error that lists the names when there is none
 */
export function clientsNamed(name: string): Client[] {
  const found = CLIENTS.filter((client) => client.name === name || majorless(client) === name);
  if (found.length > 0) return found;
  const names = CLIENTS.map((client) => client.name).join(", ");
  throw new Error(`--client ${name}: no such client; there are ${names}`);
}

function majorless({ name }: Client): string {
  return name.replace(/ [\d.]+$/, "");
}
