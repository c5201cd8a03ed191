/** Part of the prelude: which window a counter is in, and what it takes to get it there. */
export const WINDOWS = `
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
`;
