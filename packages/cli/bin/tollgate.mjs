#!/usr/bin/env node
// Here rather than in dist: what a package manager links must be there before anything is built.
import { runProcess } from "@tollgate/cli";

await runProcess();
