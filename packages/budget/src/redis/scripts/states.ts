/**
 * Reads some of the counters. Which windows they are in now is for the client to say: it knows time zones.
 *
 * KEYS: 1 meta, 2 leases by expiry, 3 all counters, 4 controls.
 * ARGV: 1 epoch, 2 clock, 3 cursor, `0` at first.
 * Returns: { `read` | `enter`, now, notices, next cursor (`0`: that was all), the controls as a flat list if
 *   it was the first page, then each counter's key and its fields as a flat list }.
 * Errors: none of its own.
 */
export const STATES = `
tell(ARGV[2])
local notices = {}
local meta = call("HMGET", KEYS[1], "epoch", "sweep")
if meta[1] ~= ARGV[1] then return { "enter", now, notices } end
if meta[2] and tonumber(meta[2]) <= now then rare().sweep(KEYS[1], KEYS[2], notices) end
local page = call("SSCAN", KEYS[3], ARGV[3], "COUNT", 200)
local controls = {}
if ARGV[3] == "0" then controls = call("HGETALL", KEYS[4]) end
local answer = { "read", now, notices, page[1], controls }
for _, key in ipairs(page[2]) do
  local fields = rare().fieldsOf(key)
  if fields[1] then
    table.insert(answer, key)
    table.insert(answer, fields)
  else
    call("SREM", KEYS[3], key)
  end
end
return answer
`;

/**
 * Reads what a dry run must know, and writes nothing of it.
 *
 * KEYS: 1 meta, 2 leases by expiry, 3 all counters, 4 the lease, 5 controls, 6.. the counters.
 * ARGV: 1 epoch, 2 clock.
 * Returns: { `peeked` | `enter`, now, notices, the lease as a list, empty if there is none, the controls
 *   and each counter's fields as flat lists }.
 * Errors: none of its own.
 */
export const PEEK = `
tell(ARGV[2])
local notices = {}
local meta = call("HMGET", KEYS[1], "epoch", "sweep")
if meta[1] ~= ARGV[1] then return { "enter", now, notices } end
if meta[2] and tonumber(meta[2]) <= now then rare().sweep(KEYS[1], KEYS[2], notices) end
local packed = call("GET", KEYS[4])
local lease = {}
if packed and packed ~= "e" then lease = cmsgpack.unpack(packed) end
local answer = { "peeked", now, notices, lease, call("HGETALL", KEYS[5]) }
for i = 6, #KEYS do table.insert(answer, rare().fieldsOf(KEYS[i])) end
return answer
`;

/**
 * Leaves counters out of the list of all that nobody needs to see any more. They are there again with
 * the next call.
 *
 * KEYS: 1 all counters, 2.. the counters to leave out.
 * ARGV: 1 epoch, 2 clock, 3.. for each counter, when it was last used: one that was used since stays.
 * Returns: { `forgotten`, now, {} }.
 * Errors: none of its own.
 */
export const FORGET = `
tell(ARGV[2])
for i = 2, #KEYS do
  if (call("HGET", KEYS[i], "t") or "") == ARGV[i + 1] then
    call("SREM", KEYS[1], KEYS[i])
    rare().thaw(KEYS[i])
    call("HDEL", KEYS[i], "g")
  end
end
return { "forgotten", now, {} }
`;
