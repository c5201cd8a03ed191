/**
 * Notes that a partition is in use.
 *
 * KEYS: 1 meta, 2 partitions, 3 controls.
 * ARGV: 1 epoch, 2 clock, 3 the partition's name.
 * Returns: { `registered` | `enter`, now, {}, version of the controls (0: there never were any), all controls
 *   as a flat list }.
 * Errors: none of its own.
 */
export const REGISTER = `
tell(ARGV[2])
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, {} } end
call("ZADD", KEYS[2], now, ARGV[3])
return { "registered", now, {}, tonumber(call("HGET", KEYS[1], "cv") or 0), call("HGETALL", KEYS[3]) }
`;

/**
 * Reads which partitions there are, and strikes out some that were not used since they were read.
 *
 * KEYS: 1 meta, 2 partitions, 3 controls.
 * ARGV: 1 epoch, 2 clock, 3.. name and time of use, by turns, of those to strike out.
 * Returns: { `listed` | `enter`, now, {}, version of the controls, all controls as a flat list, then names and
 *   times of use by turns }.
 * Errors: none of its own.
 */
export const LIST_PARTITIONS = `
tell(ARGV[2])
if call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return { "enter", now, {} } end
for i = 3, #ARGV, 2 do
  if call("ZSCORE", KEYS[2], ARGV[i]) == ARGV[i + 1] then call("ZREM", KEYS[2], ARGV[i]) end
end
local answer = { "listed", now, {}, tonumber(call("HGET", KEYS[1], "cv") or 0), call("HGETALL", KEYS[3]) }
for _, value in ipairs(call("ZRANGE", KEYS[2], 0, -1, "WITHSCORES")) do table.insert(answer, value) end
return answer
`;
