import { startFakeProvider } from "@tollgate/testkit";
import { answerOf } from "/work/wt/e/test/interop/scenarios.ts";
import { spawnSync, spawn } from "node:child_process";
const [venv, calls, ins] = process.argv.slice(2);
const p = await startFakeProvider({respond: answerOf});
const c = spawn(venv+"/bin/python", ["/work/wt/e/test/interop/python/app.py", calls, ins, "http", `/tmp/spans-x.jsonl`], {stdio:"inherit", env:{...process.env, OTEL_EXPORTER_OTLP_ENDPOINT:"http://127.0.0.1:9", OTEL_EXPORTER_OTLP_TIMEOUT:"1", OPENAI_BASE_URL:p.openaiBaseUrl, OPENAI_API_KEY:"k", ANTHROPIC_BASE_URL:p.url, ANTHROPIC_API_KEY:"k"}});
await new Promise(r=>c.on("exit",r)); await p.close();
