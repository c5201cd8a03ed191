/**
 * Ends a lease: what it held, or was presumed to have used, is replaced by what it used. The first end
 * counts. What has ended is remembered for as long as a lost answer may make someone ask again.
 *
 * KEYS: 1 meta, 2 leases by expiry, 3 the lease, 4.. its counters, as far as known.
 * ARGV: 1 epoch, 2 clock, 3 lease id, 4 amounts as a JSON list, or empty to release, 5 for how long to
 *   remember, milliseconds.
 * Returns: { `ended` | `enter`, now or 0 where nobody had to look, notices }.
 * Errors: none of its own.
 */
export const END = `
local notices = {}
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", 0, notices } end
local packed = call("SET", KEYS[3], "e", "XX", "GET", "PX", ARGV[5])
if not packed or packed == "e" then return { "ended", 0, notices } end
local open = call("ZREM", KEYS[2], ARGV[3]) == 1
local lease = cmsgpack.unpack(packed)
local amounts = ARGV[4] ~= "" and cjson.decode(ARGV[4])
if not open then
  tell(ARGV[2])
  -- Presumed too long ago to correct.
  if #lease % 3 == 1 and lease[#lease] <= now then return { "ended", now, notices } end
end
for i = 1, #lease - 2, 3 do
  local key, start, amount = lease[i], lease[i + 1], lease[i + 2]
  local used = 0
  if amounts then used = amounts[(i + 2) / 3] or amount end
  local h = open and call("HGET", key, "h")
  local untilMs, window, s, r, a
  if h then
    untilMs, window, s, r, a = unpackHot(HOT, h)
    s = s + used
  end
  if h and window == start and s < a and s <= MOST then
    call("HSET", key, "h", packHot(HOT, untilMs, window, s, r - amount, a))
  else
    if not now then tell(ARGV[2]) end
    if open then
      rare().endHold(key, start, used, amount, true, true, KEYS[1], notices)
    else
      rare().endHold(key, start, used - amount, 0, false, true, KEYS[1], notices)
    end
  end
end
return { "ended", now or 0, notices }
`;
