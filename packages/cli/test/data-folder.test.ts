import { expect, test } from "vitest";
import { dataFolderOf } from "../src/data-folder.ts";

const HOME = { HOME: "/home/ada" };

test.each([
  ["linux", { ...HOME, XDG_DATA_HOME: "/data" }, "/data/tollgate"],
  ["linux", { ...HOME, XDG_DATA_HOME: "relative" }, "/home/ada/.local/share/tollgate"],
  ["linux", HOME, "/home/ada/.local/share/tollgate"],
  ["darwin", HOME, "/home/ada/Library/Application Support/tollgate"],
] as const)("on %s with %j data are in %s", (platform, env, folder) => {
  expect(dataFolderOf(undefined, { env, cwd: "/srv/app" }, platform)).toBe(folder);
});

test("a folder that is named begins where the command was started", () => {
  expect(dataFolderOf("./data", { env: HOME, cwd: "/srv/app" })).toBe("/srv/app/data");
});
