-- Ends a hold, once: what was held is given back, what it came to is taken.
-- KEYS: leases, reservation, accounts in the order in which they were reserved, then reservations that nobody will ask for again.
-- ARGV: id, 'settle' or 'release' or 'expire', keep in ms, number of accounts; then for an account: kind, actual, place.
-- Gives: 1 done, 2 done although the hold had ended, 0 it was done before (or its lease has not ended).
local accounts = tonumber(ARGV[4])
for i = accounts + 3, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
local found = redis.call('GET', KEYS[2])
if found == GONE then
  return 0
end
if ARGV[2] == 'expire' then
  local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if not ends or tonumber(ends) > math.floor(now_us() / 1000) then
    return 0
  end
end
redis.call('ZREM', KEYS[1], ARGV[1])

if found then
  for _, it in ipairs(records(found)) do
    local back = negative(it.amount)
    if it.kind == 'w' then
      -- A bucket that is not there has left the window.
      if redis.call('HEXISTS', it.key, it.place) == 1 then
        add(it.key, it.place, back)
        add(it.key, 'u', back)
      end
      if redis.call('HEXISTS', it.key, 'h') == 1 then
        add(it.key, 'h', back)
      end
    elseif redis.call('HEXISTS', it.key, 'h') == 1 then
      if add(it.key, 'h', back) == 0 and it.kind == 's' then
        redis.call('UNLINK', it.key)
      end
    end
  end
end

if ARGV[2] == 'settle' then
  for i = 1, accounts do
    local at, key = 4 + (i - 1) * 3, KEYS[i + 2]
    local kind, actual, place = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
    if actual ~= '0' then
      if kind == 'w' then
        if redis.call('HEXISTS', key, place) == 1 then
          add(key, place, actual)
          add(key, 'u', actual)
        end
      elseif kind == 'p' and redis.call('HEXISTS', key, 'k') == 1 then
        -- One that is not known is looked up in the ledger, which has this.
        add(key, 's', actual)
      end
    end
  end
end

if ARGV[2] == 'expire' then
  redis.call('UNLINK', KEYS[2])
else
  redis.call('SET', KEYS[2], GONE, 'PX', ARGV[3])
end
return found and 1 or 2
