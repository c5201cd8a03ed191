/**
 * Puts a control under a key, in place of what lies there.
 *
 * KEYS: 1 meta, 2 controls.
 * ARGV: 1 epoch, 2 clock, 3 the control's key, 4 the control as JSON, or empty to take it away.
 * Returns: { `controlled` | `enter`, now, {} }.
 * Errors: none of its own.
 */
export const CONTROL = `
tell(ARGV[2])
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, {} } end
if ARGV[4] == "" then call("HDEL", KEYS[2], ARGV[3]) else call("HSET", KEYS[2], ARGV[3], ARGV[4]) end
if call("EXISTS", KEYS[2]) == 1 then call("HSET", KEYS[1], "controls", 1) else call("HDEL", KEYS[1], "controls") end
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
