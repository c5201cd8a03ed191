/**
 * Finds out which server this is, and gives a new one a new epoch: one that was restarted or took over
 * may have lost holds, so nothing is admitted until live leases have been asserted again.
 *
 * KEYS: 1 meta.
 * ARGV: 1 clock, 2 pause in milliseconds, 3 a nonce, 4 the epoch that the client knows, or empty.
 * Returns: { now, epoch, run id, until when admission pauses }.
 * Errors: none of its own.
 */
export const ENTER = `
tell(ARGV[1])
local pause = tonumber(ARGV[2])
local info = call("INFO", "server")
local run = string.match(info, "run_id:(%w+)") or "unknown"
local uptime = tonumber(string.match(info, "uptime_in_seconds:(%d+)") or "0") * 1000
local meta = call("HMGET", KEYS[1], "run", "epoch", "resume", "since")
local epoch, resume = meta[2], tonumber(meta[3] or "0")
if meta[1] ~= run then
  epoch = run .. "." .. ARGV[3]
  -- Where nothing was ever written and the server has been up for long, nothing can have been lost.
  local lost = meta[1] or ARGV[4] ~= ""
  resume = now + (lost and pause or math.max(0, pause - uptime))
  call("HSET", KEYS[1], "run", run, "epoch", epoch, "resume", resume, "since", now, "sweep", 0)
elseif ARGV[4] ~= "" and ARGV[4] ~= epoch and resume < meta[4] + pause then
  -- A newcomer took it for untouched; this client knows better.
  resume = meta[4] + pause
  call("HSET", KEYS[1], "resume", resume)
end
return { now, epoch, run, resume }
`;
