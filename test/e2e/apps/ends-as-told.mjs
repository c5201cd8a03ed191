/** Makes so many calls at once, says so, and ends in the way that its arguments name. */
import { once } from "node:events";
import OpenAI from "openai";

const [ending, count = "20"] = process.argv.slice(2);
const openai = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: "Hello." }];
const chat = () => openai.chat.completions.create({ model: "gpt-4o-mini", messages });

if (ending === "own-handler") {
  process.on("SIGTERM", async () => {
    await chat();
    process.exit(7);
  });
}

await Promise.all(Array.from({ length: Number(count) }, chat));

if (ending === "process.exit") process.exit(3);
if (ending === "error") throw new Error("the app is broken");
if (ending !== "normal") {
  process.stdout.write("called\n");
  process.stdin.resume();
  await once(process.stdin, "end");
}
