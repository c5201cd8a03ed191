// Prints, when the process ends, the npm packages that were loaded after this file.
import { registerHooks } from "node:module";

const names = new Set();

registerHooks({
  load(url, context, next) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name !== undefined) names.add(name);
    return next(url, context);
  },
});

process.on("exit", () => {
  process.stdout.write(`loaded ${JSON.stringify([...names])}\n`);
});
