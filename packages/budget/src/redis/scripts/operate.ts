/** How the scripts below note that there are controls, and since when there are these. */
const NOTE_CONTROLS = `
local function noteControls(meta, controls, version)
  call("HSET", meta, "cv", string.format("%.0f", version))
  if call("EXISTS", controls) == 1 then call("HSET", meta, "controls", 1) else call("HDEL", meta, "controls") end
end
`;

/**
 * Puts a control under a key, in place of what lies there.
 *
 * KEYS: 1 meta, 2 controls.
 * ARGV: 1 epoch, 2 clock, 3 the control's key, 4 the control as JSON, or empty to take it away.
 * Returns: { `controlled` | `enter`, now, {}, version, all controls as a flat list }. Versions rise.
 * Errors: none of its own.
 */
export const CONTROL: string = `${NOTE_CONTROLS}
tell(ARGV[2])
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, {} } end
if ARGV[4] == "" then call("HDEL", KEYS[2], ARGV[3]) else call("HSET", KEYS[2], ARGV[3], ARGV[4]) end
local version = math.max(now, tonumber(call("HGET", KEYS[1], "cv") or 0) + 1)
noteControls(KEYS[1], KEYS[2], version)
return { "controlled", now, {}, version, call("HGETALL", KEYS[2]) }
`;

/**
 * Takes another partition's controls, unless it has later ones.
 *
 * KEYS: 1 meta, 2 controls.
 * ARGV: 1 epoch, 2 clock, 3 their version, 4.. keys and JSON by turns.
 * Returns: { `controlled` | `enter`, now, {} }.
 * Errors: none of its own.
 */
export const PUT_CONTROLS: string = `${NOTE_CONTROLS}
tell(ARGV[2])
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, {} } end
local version = tonumber(ARGV[3])
if version > tonumber(call("HGET", KEYS[1], "cv") or 0) then
  call("DEL", KEYS[2])
  for i = 4, #ARGV, 2 do call("HSET", KEYS[2], ARGV[i], ARGV[i + 1]) end
  noteControls(KEYS[1], KEYS[2], version)
end
return { "controlled", now, {} }
`;

/**
 * Adds to the allowance of a counter's window of now, once per id and day.
 *
 * KEYS: 1 meta, 2 the top-up, 3 all counters, 4 the counter.
 * ARGV: 1 epoch, 2 clock, 3 the top-up as a hold of the reserving script, 4 the counter as JSON.
 * Returns: { `topped-up` | `stale-clock` | `enter`, now, {} }.
 * Errors: none of its own.
 */
export const TOP_UP = `
tell(ARGV[2])
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, {} } end
local hold = cjson.decode(ARGV[3])
local amount, kind, a, b, finish = hold[1], hold[4], hold[5], hold[6], hold[7]
if rare().isStale(kind, a, finish) then return { "stale-clock", now, {} } end
local known = call("GET", KEYS[2])
if known and now - known < DAY then return { "topped-up", now, {} } end
call("SET", KEYS[2], string.format("%.0f", now), "PX", DAY)
local key = KEYS[4]
local s, r, window = rare().open(key, kind, a, b, finish, ARGV[4], KEYS[3], 0)
rare().thaw(key)
call("HINCRBY", key, "q", amount)
if kind == 1 then
  call("PERSIST", key)
  call("HSET", key, "x", -1)
end
if kind == 3 then call("HINCRBY", key, window .. "q", amount) end
return { "topped-up", now, {} }
`;
