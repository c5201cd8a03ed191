import { CARE } from "./care.ts";
import { ENDS } from "./ends.ts";
import { WINDOWS } from "./windows.ts";

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
export const PRELUDE: string = `local call = redis.call
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
${WINDOWS}${ENDS}${CARE}`;
