/**
 * What several scripts share; stands before each of them.
 *
 * A counter is one hash:
 *
 * | field               | holds                                                               |
 * | ------------------- | ------------------------------------------------------------------- |
 * | `w`                 | the window it stands in: its start; `rolling` where it rolls        |
 * | `s` `r`             | spent and reserved in it                                            |
 * | `e`                 | its end; -1 never                                                   |
 * | `q`                 | its top-ups, if there are any                                       |
 * | `n` `a`             | alert amounts told, and the next one                                |
 * | `pw` `ps` `pr` `pq` `pe` `pn` | the same of the window before                             |
 * | `f` `b`             | rolling: oldest and newest bucket; `17s` `17r` `17q` are bucket 17's |
 * | `i` `o`             | task: idle time, leases under way                                   |
 * | `j`                 | the counter as JSON                                                 |
 * | `h`                 | see below                                                           |
 * | `g`                 | it is among all counters                                            |
 * | `t`                 | when a call last asked or ended, to the minute                      |
 * | `x`                 | when the key expires; -1 never                                      |
 *
 * `h` is there while nothing about a counter needs care: it is among all counters, lives long enough, has no
 * top-ups, neither rolls nor is a task's. Five packed doubles then stand for the fields of those names:
 * until when that is so, `w`, `s`, `r` and `a`. Unpacking one field takes a third of the time of reading five.
 *
 * A lease is a packed list of key, window and amount of each hold and, once it is presumed, until when its
 * late end is waited for. What has ended is `e` for a while.
 *
 * `controls` is a hash of JSON by key; `meta` says whether there are any.
 *
 * Numbers are whole and below 2^53, which is what Lua counts exactly.
 */
export const PRELUDE = `local call = redis.call
local DAY = 86400000
local HOUR = 3600000
local MINUTE = 60000
local MOST = 9007199254740991
local HOT = "<ddddd"
local packHot, unpackHot = struct.pack, struct.unpack
local now

local function tell(given)
  if given == "" then
    local t = call("TIME")
    now = t[1] * 1000 + math.floor(t[2] / 1000)
  else
    now = tonumber(given)
  end
end

-- All that is not done for every call. Making these functions takes time, so they are made when needed.
local made
local function rare()
  if made then return made end
  -- Whether a counter was taken to another window or bucket.
  local moved = false
  local nowText = string.format("%.0f", now)

  -- Writes the fields that the packed one stands for.
  local function thaw(key)
    local h = call("HGET", key, "h")
    if not h then return end
    local _, w, s, r = unpackHot(HOT, h)
    call("HSET", key, "w", w, "s", s, "r", r)
    call("HDEL", key, "h")
  end

  -- Packs them until a time. Returns the packed field.
  local function freeze(key, untilMs)
    local c = call("HMGET", key, "w", "s", "r", "a")
    local h = packHot(HOT, untilMs, tonumber(c[1]), tonumber(c[2]), tonumber(c[3]), tonumber(c[4] or MOST + 1))
    call("HSET", key, "h", h)
    return h
  end

  -- A counter's fields as a flat list, the packed ones last.
  local function fieldsOf(key)
    local fields = call("HGETALL", key)
    local h = call("HGET", key, "h")
    if not h then return fields end
    local n = #fields
    local _, w, s, r = unpackHot(HOT, h)
    fields[n + 1], fields[n + 2], fields[n + 3] = "w", string.format("%.0f", w), "s"
    fields[n + 4], fields[n + 5], fields[n + 6] = string.format("%.0f", s), "r", string.format("%.0f", r)
    return fields
  end

  -- Makes a key outlive its window, its leases and the day that late ends may come. x: what it has.
  local function outlive(key, x, finish)
    if x == "-1" then return end
    local need = finish + DAY
    if x and tonumber(x) >= need then return end
    call("PEXPIRE", key, need + HOUR - now)
    call("HSET", key, "x", need + HOUR)
  end

  local function keepForEver(key)
    call("PERSIST", key)
    call("HSET", key, "x", -1)
  end

  -- Notes the next amount to tell of, n having been told.
  local function arm(key, n, j)
    local amount = cjson.decode(j).alertAmounts[n + 1]
    if amount then call("HSET", key, "a", amount) else call("HDEL", key, "a") end
  end

  local function put(key, field, amount)
    if amount and tonumber(amount) ~= 0 then call("HSET", key, field, amount) else call("HDEL", key, field) end
  end

  -- Takes a counter to another window; the one before is kept.
  local function turn(key, start, finish)
    local c = call("HMGET", key, "w", "s", "r", "n", "e", "pw", "ps", "pr", "pn", "j", "q", "pq")
    local s, r, n, q = 0, 0, 0, false
    moved = true
    if c[6] and tonumber(c[6]) == start then
      s, r, n, q = tonumber(c[7]), tonumber(c[8]), tonumber(c[9]), c[12]
    end
    if c[1] then
      call("HSET", key, "pw", c[1], "ps", c[2], "pr", c[3], "pn", c[4], "pe", c[5])
      put(key, "pq", c[11])
    end
    call("HSET", key, "w", start, "s", s, "r", r, "n", n, "e", finish)
    put(key, "q", q)
    arm(key, n, c[10])
    return s, r
  end

  local function dropBuckets(key, first, last, s, r)
    local q = tonumber(call("HGET", key, "q") or 0)
    for index = first, last do
      local bucket = call("HMGET", key, index .. "s", index .. "r", index .. "q")
      if bucket[1] then
        s, r, q = s - bucket[1], r - bucket[2], q - (bucket[3] or 0)
        call("HDEL", key, index .. "s", index .. "r", index .. "q")
      end
    end
    put(key, "q", q)
    return s, r
  end

  -- What fell below an amount may reach it again.
  local function rearm(key, s)
    local c = call("HMGET", key, "n", "j")
    local n = tonumber(c[1])
    local amounts = cjson.decode(c[2]).alertAmounts
    while n > 0 and s < amounts[n] do n = n - 1 end
    call("HSET", key, "n", n)
    arm(key, n, c[2])
  end

  -- Lets old buckets go. Time that steps back writes to the newest bucket, unless it steps back by
  -- more than the whole window. Returns spent, reserved and the bucket to write to.
  local function roll(key, width, buckets)
    local index = math.floor(now / width)
    local c = call("HMGET", key, "f", "b", "s", "r", "j")
    local f, b, s, r = tonumber(c[1] or nil), tonumber(c[2] or nil), tonumber(c[3] or 0), tonumber(c[4] or 0)
    if b == index then return s, r, index end
    moved = true
    if not b then
      call("HSET", key, "w", "rolling", "n", 0)
      arm(key, 0, c[5])
      f = index
    elseif b - buckets > index then
      s, r = dropBuckets(key, f, b, s, r)
      f = index
      rearm(key, s)
    elseif b > index then
      return s, r, b
    elseif f < index - buckets then
      s, r = dropBuckets(key, f, math.min(index - buckets - 1, b), s, r)
      f = index - buckets
      rearm(key, s)
    end
    call("HSET", key, "f", f, "b", index, "s", s, "r", r, "e", (index + 1) * width,
      index .. "s", 0, index .. "r", 0)
    return s, r, index
  end

  -- Adds what was crossed: kind, counter, which amount, spent, window's end.
  local function crossed(key, numbers, window, s, e, notices)
    local c = call("HMGET", key, numbers, "j")
    local n = tonumber(c[1])
    local amounts = cjson.decode(c[2]).alertAmounts
    while amounts[n + 1] and s >= amounts[n + 1] do
      table.insert(notices, { "crossed", c[2], n, s, tonumber(e) })
      n = n + 1
    end
    call("HSET", key, numbers, n)
    if window == "w" then arm(key, n, c[2]) end
  end

  local function within(amount)
    return math.min(amount, MOST)
  end

  local function endInPrevious(key, spent, held, notices)
    local c = call("HMGET", key, "ps", "pr", "pe")
    local s = within(c[1] + spent)
    call("HSET", key, "ps", s, "pr", c[2] - held)
    crossed(key, "pn", "pw", s, c[3], notices)
  end

  local function endInBucket(key, index, c, spent, held, notices)
    local bucket = call("HMGET", key, index .. "s", index .. "r")
    if not bucket[1] then return end
    local s = within(c[2] + spent)
    call("HSET", key, "s", s, "r", c[3] - held, index .. "s", bucket[1] + spent, index .. "r", bucket[2] - held)
    if c[4] and s >= tonumber(c[4]) then crossed(key, "n", "w", s, c[8], notices) end
  end

  -- Ends one hold in the window of its reservation. held: what is no longer reserved;
  -- ended: the call's own end, which keeps a task going; open: the lease was under way.
  local function endHold(key, start, spent, held, open, ended, meta, notices)
    thaw(key)
    local c = call("HMGET", key, "w", "s", "r", "a", "g", "t", "o", "e", "x")
    if not c[1] then return end
    if not c[6] or now - c[6] > MINUTE then call("HSET", key, "t", nowText) end
    if not c[5] then
      call("SADD", string.sub(meta, 1, -5) .. "counters", key)
      call("HSET", key, "g", 1)
    end
    if c[7] and tonumber(c[1]) == start then
      if open then call("HINCRBY", key, "o", -1) end
      if ended then
        c[8] = now + call("HGET", key, "i")
        call("HSET", key, "e", c[8])
        outlive(key, c[9], c[8])
      end
    end
    if c[1] == "rolling" then return endInBucket(key, start, c, spent, held, notices) end
    if tonumber(c[1]) ~= start then
      if tonumber(call("HGET", key, "pw") or -1) == start then endInPrevious(key, spent, held, notices) end
      return
    end
    local s = within(c[2] + spent)
    call("HSET", key, "s", s, "r", c[3] - held)
    if c[8] == "-1" and s > 0 and c[9] ~= "-1" then keepForEver(key) end
    if c[4] and s >= tonumber(c[4]) then crossed(key, "n", "w", s, c[8], notices) end
  end

  -- Charges what expired leases held. A few at a time: Redis does nothing else meanwhile.
  -- Returns before when none expires; nil when there are no leases.
  local function sweep(meta, leases, notices)
    local prefix = string.sub(meta, 1, -5)
    for _, id in ipairs(call("ZRANGEBYSCORE", leases, "-inf", now, "LIMIT", 0, 100)) do
      call("ZREM", leases, id)
      local key = prefix .. "lease:" .. id
      local packed = call("GET", key)
      if packed and packed ~= "e" then
        local lease = cmsgpack.unpack(packed)
        for i = 1, #lease - 2, 3 do
          local counter, amount = lease[i], lease[i + 2]
          local j = call("HGET", counter, "j")
          if j and amount > 0 then table.insert(notices, { "presumed", j, amount, id }) end
          endHold(counter, lease[i + 1], amount, amount, true, false, meta, notices)
        end
        table.insert(lease, now + DAY)
        call("SET", key, cmsgpack.pack(lease), "PX", DAY + HOUR)
      end
    end
    local first = call("ZRANGE", leases, 0, 0, "WITHSCORES")
    if first[2] then call("HSET", meta, "sweep", first[2]) else call("HDEL", meta, "sweep") end
    return first[2]
  end

  -- Opens a counter's window: spent, reserved, which window, its end.
  -- c: its w, s and r; kind, a, b and finish as a hold says them.
  local function openWindow(key, c, kind, a, b, finish)
    if kind == 0 then
      local start = a
      if now >= b then start = b else finish = b end
      if c[1] and tonumber(c[1]) == start then return tonumber(c[2]), tonumber(c[3]), start, finish end
      local s, r = turn(key, start, finish)
      return s, r, start, finish
    elseif kind == 1 then
      if c[1] then return tonumber(c[2]), tonumber(c[3]), 0, -1 end
      turn(key, 0, -1)
      return 0, 0, 0, -1
    elseif kind == 3 then
      local s, r, index = roll(key, a, b)
      return s, r, index, (index + b + 1) * a
    end
    local task = call("HMGET", key, "e", "o")
    finish = now + a
    local start = tonumber(c[1] or nil)
    local s, r = tonumber(c[2] or 0), tonumber(c[3] or 0)
    if not start or (tonumber(task[2]) == 0 and tonumber(task[1]) <= now) then
      start = now
      s, r = turn(key, start, finish)
      call("HSET", key, "o", 0, "i", a)
    end
    call("HSET", key, "e", finish)
    return s, r, start, finish
  end

  local function isStale(kind, a, finish)
    return kind == 0 and (now < a or now >= finish)
  end

  -- Writes a counter down as it is now. c: its x and g.
  local function define(key, all, j, x, g, until_)
    local before = call("HGET", key, "j")
    if before ~= j then
      call("HSET", key, "j", j)
      if before then arm(key, tonumber(call("HGET", key, "n") or 0), j) end
      outlive(key, x, until_)
    end
    if not g then
      call("SADD", all, key)
      call("HSET", key, "g", 1)
    end
  end

  -- Opens a counter with all care: spent, reserved, which window, top-ups, packed field; nothing when it
  -- is not known and not defined. kind, a, b and finish as a window says them.
  local function openWithCare(key, kind, a, b, finish, j, all, ttl)
    thaw(key)
    local c = call("HMGET", key, "w", "s", "r", "x", "g", "t", "q")
    if j and j ~= "" then
      define(key, all, j, c[4], c[5], now + ttl)
    elseif not c[5] then
      return
    end
    moved = false
    local s, r, window, ends = openWindow(key, c, kind, a, b, finish)
    if not c[6] or now - c[6] > MINUTE then call("HSET", key, "t", nowText) end
    local kept = kind == 0
    if kind == 1 and (s > 0 or c[7]) then
      if c[4] ~= "-1" then keepForEver(key) end
      kept = true
    else
      outlive(key, c[4], math.max(ends, now + ttl))
    end
    local q = c[7]
    if moved then q = call("HGET", key, "q") end
    local h
    if kept and not q then h = freeze(key, kind == 0 and math.min(now + MINUTE, ends) or now + MINUTE) end
    return s, r, window, q, h
  end

  -- When time alone will have taken the excess away; -1 when it does not.
  local function resets(key, kind, a, b, excess)
    if kind == 0 then return tonumber(call("HGET", key, "e")) end
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

  -- What operators say of a counter: whether it is frozen, until when (-1: for ever), and its limit.
  local function rule(controls, j, limit)
    local frozen, ends = false, 0
    for _, name in ipairs(cjson.decode(j).controls) do
      local text = call("HGET", controls, name)
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

  made = {
    endHold = endHold, fieldsOf = fieldsOf, isStale = isStale, thaw = thaw, open = openWithCare, outlive = outlive, resets = resets,
    rule = rule, sweep = sweep,
  }
  return made
end
`;
