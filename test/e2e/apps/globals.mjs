/** Says whether Node has loaded its fetch and WebSocket, then uses the latter. */

const isLoaded = () => process.moduleLoadList.some((name) => name.endsWith("undici/undici"));

const before = isLoaded();
const socket = new WebSocket("ws://127.0.0.1:1/v1/realtime?model=gpt-realtime");
socket.addEventListener("error", () => {});
const { name, prototype, OPEN } = WebSocket;
const { WebSocket: Known } = process.getBuiltinModule("node:http");
const isKnown = socket instanceof Known && prototype === Known.prototype;
process.stdout.write(`${JSON.stringify({ before, name, OPEN, isKnown, after: isLoaded() })}\n`);
