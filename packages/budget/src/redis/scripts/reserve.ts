/**
 * Holds an amount in every counter of a call, all or none, at most once per lease.
 *
 * KEYS: 1 meta, 2 leases by expiry, 3 the lease, 4 all counters, 5.. one counter per hold.
 * ARGV: 1 epoch, 2 clock, 3 lease id, 4 time to live, 5 `live` to assert a live lease again, `even-frozen`
 *   to hold what is frozen too, 6 the holds as
 *   a JSON list of seven numbers each, 7.. the counters as JSON where the client has not sent them yet.
 *   A hold is amount, check (0 fit, 1 unspent, 2 never), limit, and its window: 0, start, next start, its
 *   end; 1, 0, 0, 0 total; 2, idle time, 0, 0 task; 3, bucket width, buckets, 0 rolling.
 * Returns: { status, now, notices, ... }: `granted` with what remains in each counter; `refused` with
 *   index, 1 if frozen, limit, remaining and reset (-1: never) of each hold that does not pass; `conflict`; `stale-clock`:
 *   a window is neither this one nor the next; `define`: send all counters; `enter`: the epoch is
 *   another; `paused`, with until when. The last four write nothing that matters.
 * Errors: none of its own.
 */
export const RESERVE = `
tell(ARGV[2])
local notices = {}
local meta = call("HMGET", KEYS[1], "epoch", "resume", "sweep", "controls")
if meta[1] ~= ARGV[1] then return { "enter", now, notices } end
local restoring = ARGV[5] == "live"
local evenFrozen = ARGV[5] ~= ""
if not restoring and now < tonumber(meta[2]) then return { "paused", now, notices, tonumber(meta[2]) } end
local sweepAt = meta[3]
if sweepAt and tonumber(sweepAt) <= now then sweepAt = sweep(KEYS[1], KEYS[2], KEYS[4], notices) end

local holds = cjson.decode(ARGV[6])
local count = #KEYS - 4
local ttl = tonumber(ARGV[4])
local defined = #ARGV > 6
local lease, limits, taken, reserves, refusals, remaining = {}, {}, {}, {}, {}, {}

-- What operators say of a counter: whether it is frozen, until when (-1: for ever), and its limit.
local function rule(j, limit)
  local frozen, ends = false, 0
  for _, name in ipairs(cjson.decode(j).controls) do
    local text = call("HGET", string.sub(KEYS[1], 1, -5) .. "controls", name)
    local control = text and cjson.decode(text)
    if control and (not control.untilMs or now < control.untilMs) then
      limit = control.limit or limit
      if control.frozen then
        frozen = true
        if ends >= 0 then ends = control.untilMs and math.max(ends, control.untilMs) or -1 end
      end
    end
  end
  return frozen, ends, limit
end

-- When time alone will have taken the excess away; -1 when it does not.
local function resets(key, kind, a, b, finish, excess)
  if kind == 0 then return finish end
  if kind ~= 3 then return -1 end
  local range = call("HMGET", key, "f", "b")
  local freed = 0
  for index = tonumber(range[1]), tonumber(range[2]) do
    local bucket = call("HMGET", key, index .. "s", index .. "r", index .. "q")
    if bucket[1] then freed = freed + bucket[1] + bucket[2] - (bucket[3] or 0) end
    if freed >= excess then return (index + b + 1) * a end
  end
  return -1
end

-- The lease is there already: asked for again, or its id for another call.
local function again(packed)
  if packed == "e" then return { "granted", now, notices } end
  local held = cmsgpack.unpack(packed)
  local same = #held - #held % 3 == count * 3
  for i = 1, count do
    if same then same = held[i * 3 - 2] == KEYS[4 + i] and held[i * 3] == holds[i * 7 - 6] end
  end
  if not same then return { "conflict", now, notices } end
  for i = 1, count do remaining[i] = limits[i] - taken[i] end
  return { "granted", now, notices, unpack(remaining) }
end

for i = 1, count do
  local at = i * 7
  if isStale(holds[at - 3], holds[at - 2], holds[at]) then return { "stale-clock", now, notices } end
end

for i = 1, count do
  local key = KEYS[4 + i]
  local at = i * 7
  local amount, check, limit, kind, a, b = holds[at - 6], holds[at - 5], holds[at - 4], holds[at - 3], holds[at - 2], holds[at - 1]
  local c = call("HMGET", key, "w", "s", "r", "x", "g", "t", "q")
  if defined and ARGV[6 + i] ~= "" then
    define(key, KEYS[4], ARGV[6 + i], c[4], c[5], now + ttl)
  elseif not c[5] then
    return { "define", now, notices }
  end
  moved = false
  local s, r, window, finish = openWindow(key, c, kind, a, b, holds[at])
  if not c[6] or now - c[6] > MINUTE then call("HSET", key, "t", nowText) end
  if kind == 1 and s > 0 then
    if c[4] ~= "-1" then keepForEver(key) end
  else
    outlive(key, c[4], math.max(finish, now + ttl))
  end
  local frozen, ends = false, -1
  if meta[4] then frozen, ends, limit = rule(call("HGET", key, "j"), limit) end
  if evenFrozen then frozen = false end
  local q = c[7]
  if moved then q = call("HGET", key, "q") end
  if q then limit = math.min(limit + q, MOST - 1) end
  local excess = 0
  if check == 0 then excess = s + r + amount - limit elseif check == 1 then excess = s - limit + 1 end
  if frozen or excess > 0 then
    local at = #refusals
    refusals[at + 1], refusals[at + 2], refusals[at + 3], refusals[at + 4] = i - 1, frozen and 1 or 0, limit, limit - s - r
    refusals[at + 5] = frozen and ends or resets(key, kind, a, b, finish, excess)
  end
  limits[i], taken[i], reserves[i] = limit, s + r, r
  local place = i * 3
  lease[place - 2], lease[place - 1], lease[place] = key, window, amount
end

if refusals[1] then
  local packed = call("GET", KEYS[3])
  if packed and packed ~= "e" then return again(packed) end
  return { "refused", now, notices, unpack(refusals) }
end

local packed = cmsgpack.pack(lease)
if not call("SET", KEYS[3], packed, "NX", "PX", ttl + DAY) then
  local before = call("GET", KEYS[3])
  -- An id may be used again after its lease has ended, but what ended is not live.
  if before ~= "e" or restoring then return again(before) end
  call("SET", KEYS[3], packed, "PX", ttl + DAY)
end
for i = 1, count do
  local key = KEYS[4 + i]
  local amount, kind = holds[i * 7 - 6], holds[i * 7 - 3]
  local reserved = within(reserves[i] + amount)
  if kind == 3 then
    call("HSET", key, "r", reserved)
    call("HINCRBY", key, lease[i * 3 - 1] .. "r", amount)
  else
    call("HSET", key, "r", reserved)
    if kind == 2 then call("HINCRBY", key, "o", 1) end
  end
  remaining[i] = limits[i] - taken[i] - amount
end
call("ZADD", KEYS[2], now + ttl, ARGV[3])
if not sweepAt or tonumber(sweepAt) > now + ttl then call("HSET", KEYS[1], "sweep", now + ttl) end
return { "granted", now, notices, unpack(remaining) }
`;
