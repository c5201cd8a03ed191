/**
 * The zero-code entry: `node --import @tollgate/node/register app.js`, or the same in NODE_OPTIONS. It comes before
 * everything else, since clients keep the `fetch` they found when they were constructed.
 */
import { startProcess } from "./start-process.ts";

startProcess();
