/** Part of the prelude: ends of leases, those that expire included. */
export const ENDS = `
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
`;
