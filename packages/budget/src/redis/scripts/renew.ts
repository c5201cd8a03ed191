/**
 * Starts the time to live of leases again, and keeps their counters for as long.
 *
 * KEYS: 1 meta, 2 leases by expiry, 3.. the leases.
 * ARGV: 1 epoch, 2 clock, 3 time to live, 4.. the ids of the leases.
 * Returns: { `renewed` | `enter`, now, notices }. Unknown and ended leases are left out.
 * Errors: none of its own.
 */
export const RENEW = `
tell(ARGV[2])
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, {} } end
local ttl = tonumber(ARGV[3])
for i = 3, #KEYS do
  local id = ARGV[i + 1]
  if call("ZSCORE", KEYS[2], id) then
    call("ZADD", KEYS[2], now + ttl, id)
    call("PEXPIRE", KEYS[i], ttl + DAY)
    local lease = cmsgpack.unpack(call("GET", KEYS[i]))
    for hold = 1, #lease, 3 do
      local c = call("HMGET", lease[hold], "x", "t")
      if c[1] then rare().outlive(lease[hold], c[1], now + ttl) end
      if c[2] and now - c[2] > MINUTE then call("HSET", lease[hold], "t", now) end
    end
  end
end
return { "renewed", now, {} }
`;
