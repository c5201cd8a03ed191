/** Part of the prelude: counters that need a closer look, and what it ends with. */
export const CARE = `
  -- How many alert amounts count as told where n of another list were: those up to the same share of the limit.
  local function toldOf(before, n, j)
    local old, new = cjson.decode(before), cjson.decode(j)
    local last = old.alertAmounts[n]
    if not last then return n end
    local share, told = math.floor(100 * last / old.limit), 0
    for _, amount in ipairs(new.alertAmounts) do
      if math.floor(100 * amount / new.limit) <= share then told = told + 1 end
    end
    return told
  end

  -- Writes a counter down as it is now. c: its x and g.
  local function define(key, all, j, x, g, until_)
    local before = call("HGET", key, "j")
    if before ~= j then
      call("HSET", key, "j", j)
      if before then
        local c = call("HMGET", key, "n", "pn")
        local n = toldOf(before, tonumber(c[1] or 0), j)
        call("HSET", key, "n", n)
        if c[2] then call("HSET", key, "pn", toldOf(before, tonumber(c[2]), j)) end
        arm(key, n, j)
      end
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
