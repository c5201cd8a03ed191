/**
 * Holds an amount in every counter of a call, all or none, at most once per lease.
 *
 * KEYS: 1 meta, 2 leases by expiry, 3 the lease, 4.. one counter per hold.
 * ARGV: 1 epoch, 2 clock, 3 lease id, 4 time to live, 5 `live` to assert a live lease again, `even-frozen`
 *   to hold what is frozen too, 6 the holds and their windows as one JSON list, 7.. the counters as JSON where
 *   the client has not sent them yet.
 *   A hold is three numbers: amount, limit, and 4 times the place of its window (from 0) plus its check (0
 *   fit, 1 unspent, 2 never). A window is four: 0, start, next start, its end; 1, 0, 0, 0 total; 2, idle
 *   time, 0, 0 task; 3, bucket width, buckets, 0 rolling.
 * Returns: { status, now, notices, ... }: `granted` with what remains in each counter; `refused` with
 *   index, 1 if frozen, limit, remaining and reset (-1: never) of each hold that does not pass; `conflict`;
 *   `stale-clock`: a window is neither this one nor the next; `define`: send all counters; `enter`: the epoch
 *   is another; `paused`, with until when. The last four hold nothing.
 * Errors: none of its own.
 */
export const RESERVE = `
tell(ARGV[2])
local notices = {}
local meta = call("HMGET", KEYS[1], "epoch", "resume", "sweep", "controls")
if meta[1] ~= ARGV[1] then return { "enter", now, notices } end
local restoring = ARGV[5] == "live"
if not restoring and now < tonumber(meta[2]) then return { "paused", now, notices, tonumber(meta[2]) } end
local sweepAt = meta[3]
if sweepAt and tonumber(sweepAt) <= now then sweepAt = rare().sweep(KEYS[1], KEYS[2], notices) end

local holds = cjson.decode(ARGV[6])
local count = #KEYS - 3
local ttl = tonumber(ARGV[4])
local defined = #ARGV > 6
local careful = defined or meta[4] or ttl > HOUR
local lease, left, hot, windows, refusals = {}, {}, {}, nil, nil

-- The lease is there already: asked for again, or its id for another call.
local function again(packed)
  if packed == "e" then return { "granted", now, notices } end
  local held = cmsgpack.unpack(packed)
  local same = #held - #held % 3 == count * 3
  for i = 1, count do
    if same then same = held[i * 3 - 2] == KEYS[3 + i] and held[i * 3] == holds[i * 3 - 2] end
  end
  if not same then return { "conflict", now, notices } end
  for i = 1, count do left[i] = left[i] + holds[i * 3 - 2] end
  return { "granted", now, notices, unpack(left) }
end

for i = 1, count do
  local key, place = KEYS[3 + i], i * 3
  local amount, limit, code = holds[place - 2], holds[place - 1], holds[place]
  local check = code % 4
  local h = call("HGET", key, "h")
  local frozen, ends = false, -1
  local untilMs, window, s, r
  if h then untilMs, window, s, r = unpackHot(HOT, h) end
  if careful or not h or now >= untilMs or now < window then
    local at = count * 3 + code - check
    local kind, a, b, finish = holds[at + 1], holds[at + 2], holds[at + 3], holds[at + 4]
    if rare().isStale(kind, a, finish) then return { "stale-clock", now, notices } end
    local q
    s, r, window, q, h = rare().open(key, kind, a, b, finish, ARGV[6 + i], string.sub(KEYS[1], 1, -5) .. "counters", ttl)
    if not s then return { "define", now, notices } end
    if meta[4] then
      local controls = string.sub(KEYS[1], 1, -5) .. "controls"
      frozen, ends, limit = rare().rule(controls, call("HGET", key, "j"), limit)
      if ARGV[5] ~= "" then frozen = false end
    end
    if q then limit = math.min(limit + q, MOST - 1) end
    if kind > 1 then
      windows = windows or {}
      windows[i] = kind
    end
  end
  local free = limit - s - r
  local excess = 0
  if check == 0 then excess = amount - free elseif check == 1 then excess = s - limit + 1 end
  if frozen or excess > 0 then
    refusals = refusals or {}
    local n = #refusals
    refusals[n + 1], refusals[n + 2], refusals[n + 3], refusals[n + 4] = i - 1, frozen and 1 or 0, limit, free
    local at = count * 3 + code - check
    refusals[n + 5] = frozen and ends or rare().resets(key, holds[at + 1], holds[at + 2], holds[at + 3], excess)
  end
  left[i] = free - amount
  hot[i] = h or false
  lease[place - 2], lease[place - 1], lease[place] = key, window, amount
end

if refusals then
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
  local key, amount = KEYS[3 + i], lease[i * 3]
  if hot[i] then
    local untilMs, window, s, r, a = unpackHot(HOT, hot[i])
    r = r + amount
    if r > MOST then r = MOST end
    call("HSET", key, "h", packHot(HOT, untilMs, window, s, r, a))
  else
    call("HINCRBY", key, "r", amount)
    if windows and windows[i] == 3 then call("HINCRBY", key, lease[i * 3 - 1] .. "r", amount) end
    if windows and windows[i] == 2 then call("HINCRBY", key, "o", 1) end
  end
end
local expires = now + ttl
call("ZADD", KEYS[2], expires, ARGV[3])
if not sweepAt or tonumber(sweepAt) > expires then call("HSET", KEYS[1], "sweep", expires) end
return { "granted", now, notices, unpack(left) }
`;
