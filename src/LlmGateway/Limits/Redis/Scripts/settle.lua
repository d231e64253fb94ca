-- Ends a hold, once: what was held is given back, what it came to is taken.
-- KEYS: leases, reservation, accounts in the order in which they were reserved, then reservations that nobody will ask for again.
-- ARGV: id, 'settle' or 'release' or 'expire' or 'recover' (settles, and gives back what Redis knows to be held: of a process that died, of a
--   node that holds a part without Redis, or long after the end of an exchange), keep in ms, node, number of accounts; then for an account: kind, actual, place, the held amount
--   negative, and actual less held.
-- Gives: 1 done, 2 done although the hold had ended, 0 it was done before (or its lease has not ended).
local mode, accounts = ARGV[2], tonumber(ARGV[5])
for i = accounts + 3, #KEYS do
  redis.call('UNLINK', KEYS[i])
end
local found = redis.call('GET', KEYS[2])
if found == GONE then
  return 0
end
if mode == 'expire' then
  local ends = redis.call('ZSCORE', KEYS[1], ARGV[1])
  if not ends or tonumber(ends) > math.floor(now_us() / 1000) then
    return 0
  end
end
redis.call('ZREM', KEYS[1], ARGV[1])

-- Before all else: a script that fails half way is asked for again, and must not take a part twice.
if mode == 'expire' then
  redis.call('UNLINK', KEYS[2])
else
  redis.call('SET', KEYS[2], GONE, 'PX', ARGV[3])
end

-- A bucket that is not there has left the window, and is not made again.
local function correct(key, place, amount)
  if add(key, place, amount) == tonumber(amount) and redis.call('HGET', key, place) == amount then
    local oldest, newest = unpack(redis.call('HMGET', key, 'o', 'n'))
    if not oldest or tonumber(place) < tonumber(oldest) or tonumber(place) > tonumber(newest) then
      redis.call('HDEL', key, place)
      if redis.call('HLEN', key) == 0 then
        redis.call('UNLINK', key)
      end
      return
    end
  end
  add(key, 'u', amount)
end

local function give_back(key, kind, amount)
  local held = add(key, 'h', amount)
  if held < 0 then
    -- Sums that have met their end do not come back from it exactly; below nothing there would be room that nobody has.
    redis.call('HSET', key, 'h', '0')
  end
  if held <= 0 and kind == 's' then
    redis.call('UNLINK', key)
  end
end

if found and mode == 'settle' then
  -- The node knows what it held: both in one step.
  for i = 1, accounts do
    local at, key = 5 + (i - 1) * 5, KEYS[i + 2]
    local kind, actual, place, back, change = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
    if kind == 'w' then
      if change ~= '0' then
        correct(key, place, change)
      end
    elseif kind == 'p' and actual ~= '0' then
      spend(key, ARGV[4], actual)
    end
    if back ~= '0' then
      give_back(key, kind, back)
    end
  end
else
  if found then
    for _, it in ipairs(records(found)) do
      local back = negative(it.amount)
      if it.kind == 'w' and back ~= '0' then
        correct(it.key, it.place, back)
      end
      if redis.call('HEXISTS', it.key, 'h') == 1 then
        give_back(it.key, it.kind, back)
      end
    end
  end
  if mode == 'settle' or mode == 'recover' then
    for i = 1, accounts do
      local at, key = 5 + (i - 1) * 5, KEYS[i + 2]
      local kind, actual, place = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
      if actual ~= '0' then
        if kind == 'w' then
          correct(key, place, actual)
        elseif kind == 'p' and redis.call('HEXISTS', key, 'k') == 1 then
          -- One that is not known is looked up in the ledger, which has this.
          spend_late(key, ARGV[4], actual)
        end
      end
    end
  end
end

return found and 1 or 2
