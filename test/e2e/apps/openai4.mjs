// An app whose client brings node-fetch.
import { OpenAI } from "openai4";

process.stdout.write(`${OpenAI.name}\n`);
