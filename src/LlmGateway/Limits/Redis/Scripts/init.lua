-- Fills an account that Redis does not know with what the ledger has of it. Of two that do this at once the second changes nothing.
-- KEYS: account. ARGV: 'p', what the node that asks has seen spent, when to forget it in ms of the Unix clock or '', then node ('' for all) and
--   amount | 'w', width in us, buckets, then age in us and amount.
if redis.call('HSETNX', KEYS[1], 'k', text(now_us())) == 0 then
  return 0
end
if ARGV[1] == 'p' then
  local told, apart = 0, true
  for i = 4, #ARGV, 2 do
    spend(KEYS[1], ARGV[i], ARGV[i + 1])
    if ARGV[i] ~= '' then
      add(KEYS[1], 'd:' .. ARGV[i], ARGV[i + 1])
    end
    told = told + tonumber(ARGV[i + 1])
    apart = apart and ARGV[i] ~= ''
  end
  -- Seen, and not in the ledger yet: it is somebody's, who says so when it compares.
  local more = tonumber(ARGV[2]) - told
  if more > 0 then
    local all = told == 0 and ARGV[2] or text(more)
    add(KEYS[1], 's', all)
    if apart then
      add(KEYS[1], 'e', all)
    end
  end
  if ARGV[3] ~= '' then
    redis.call('PEXPIREAT', KEYS[1], ARGV[3])
  end
  return 1
end
local now, width, buckets = now_us(), tonumber(ARGV[2]), tonumber(ARGV[3])
local keep = math.ceil(width * (buckets + 1) / 1000) + 3600000
local it = window(KEYS[1], now, width, buckets)
redis.call('PEXPIRE', KEYS[1], keep)
for i = 4, #ARGV, 2 do
  local bucket = it.current - math.floor(math.max(0, tonumber(ARGV[i])) / width)
  if bucket > it.current - it.ring then
    window_put(it, bucket, ARGV[i + 1], keep)
  end
end
return 1
