/**
 * Ends a lease: what it held, or was presumed to have used, is replaced by what it used. The first end
 * counts. What has ended is remembered for as long as a lost answer may make someone ask again.
 *
 * KEYS: 1 meta, 2 leases by expiry, 3 the lease, 4 all counters, 5.. its counters, as far as known.
 * ARGV: 1 epoch, 2 clock, 3 lease id, 4 amounts as a JSON list, or empty to release, 5 for how long to
 *   remember, milliseconds.
 * Returns: { `ended` | `enter`, now, notices }.
 * Errors: none of its own.
 */
export const END = `
tell(ARGV[2])
local notices = {}
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, notices } end
local packed = call("GET", KEYS[3])
if not packed or packed == "e" then return { "ended", now, notices } end
call("SET", KEYS[3], "e", "PX", ARGV[5])
local open = call("ZREM", KEYS[2], ARGV[3]) == 1
local lease = cmsgpack.unpack(packed)
-- Presumed too long ago to correct.
if #lease % 3 == 1 and lease[#lease] <= now then return { "ended", now, notices } end
local amounts = ARGV[4] ~= "" and cjson.decode(ARGV[4])
for i = 1, #lease - 2, 3 do
  local amount = lease[i + 2]
  local used = 0
  if amounts then used = amounts[(i + 2) / 3] or amount end
  if open then
    endHold(lease[i], lease[i + 1], used, amount, true, true, KEYS[4], notices)
  else
    endHold(lease[i], lease[i + 1], used - amount, 0, false, true, KEYS[4], notices)
  end
end
return { "ended", now, notices }
`;
