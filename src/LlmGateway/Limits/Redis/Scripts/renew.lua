-- Prolongs leases.
-- KEYS: leases, reservations. ARGV: lease in ms, keep in ms, ids.
-- Gives: the numbers, from 0, of those that are not held.
local ends = math.floor(now_us() / 1000) + ARGV[1]
local missing = {}
for i = 2, #KEYS do
  if redis.call('ZSCORE', KEYS[1], ARGV[i + 1]) then
    redis.call('ZADD', KEYS[1], ends, ARGV[i + 1])
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  else
    missing[#missing + 1] = tostring(i - 2)
  end
end
return table.concat(missing, ' ')
