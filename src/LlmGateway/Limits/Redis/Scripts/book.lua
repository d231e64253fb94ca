-- Takes what was spent while Redis could not be reached, once.
-- KEYS: mark, accounts. ARGV: keep of the mark in ms, node; then for an account: kind, amount, age in us or 0, width in us or 0, buckets or 0, kept.
-- Gives: 1 done, 0 it was done before.
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then
  return 0
end
local now = now_us()
for i = 2, #KEYS do
  local at, key = 2 + (i - 2) * 6, KEYS[i]
  if ARGV[at + 1] == 'w' then
    local width, buckets = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
    local it = window(key, now, width, buckets)
    local bucket = it.current - math.floor(math.max(0, tonumber(ARGV[at + 3])) / width)
    if bucket > it.current - it.ring and (it.known or ARGV[at + 6] == '0') then
      window_put(it, bucket, ARGV[at + 2], math.ceil(width * (buckets + 1) / 1000) + 3600000)
    end
  elseif redis.call('HEXISTS', key, 'k') == 1 then
    -- One that is not known is looked up in the ledger, which has this.
    spend_late(key, ARGV[2], ARGV[at + 2])
  end
end
return 1
