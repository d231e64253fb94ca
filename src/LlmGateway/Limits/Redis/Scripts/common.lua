-- Stands before every other script. What one takes in and gives back is said at its top.
--
-- Amounts are 64 bit. They come as text and are added by HINCRBY as text, so sums are exact. They are compared as doubles, which are exact up
-- to 2^53: nine million units of a currency in nanos. Above that a comparison may err by a part in 2^53 of the sum, a nano or two.
--
-- A call of Redis costs more than all else here: what is known is not asked again, and sums that a double holds are written together.

local SEPARATOR = '\31'
local GONE = '-'

local function now_us()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

-- Sums end at the largest number in place of failing half way through a script.
local function add(key, field, amount)
  local sum = redis.pcall('HINCRBY', key, field, amount)
  if type(sum) == 'number' then
    return sum
  end
  local most = string.sub(amount, 1, 1) == '-' and '-9223372036854775808' or '9223372036854775807'
  redis.call('HSET', key, field, most)
  return tonumber(most)
end

local function negative(amount)
  if amount == '0' then
    return amount
  end
  return string.sub(amount, 1, 1) == '-' and string.sub(amount, 2) or '-' .. amount
end

-- 9e18 is the largest round number that is an integer to others too.
local function text(number)
  return string.format('%.0f', math.max(math.min(number, 9e18), -9e18))
end

-- A period is a hash: s, what is spent; h, what is held; k, when the ledger was asked; e, what a node saw in it before Redis lost its memory and
-- the ledger did not have then. For a node, where the ledger tells nodes apart: c:NODE, what of s is that node's; d:NODE, what of that may be there
-- twice, since it came late or the ledger told of it; r:NODE, what the ledger was ahead of that node by, which it may still bring.

local function spend(key, node, amount)
  add(key, 's', amount)
  if node ~= '' then
    add(key, 'c:' .. node, amount)
  end
end

-- Takes in a period what comes late, when the ledger may have told of it already. Where that was something else, the next comparison finds it.
local function spend_late(key, node, amount)
  local field, number = 'r:' .. node, tonumber(amount)
  local ahead = tonumber(redis.call('HGET', key, field) or 0)
  if ahead > 0 and number > 0 then
    local told = math.min(ahead, number)
    add(key, field, text(-told))
    amount = text(number - told)
  end
  if amount ~= '0' then
    spend(key, node, amount)
    if node ~= '' then
      add(key, 'd:' .. node, amount)
    end
  end
end

-- What was held for a reservation: records of kind, account, place and amount.
local function records(found)
  local fields, all = {}, {}
  for field in string.gmatch(found, '([^' .. SEPARATOR .. ']*)' .. SEPARATOR) do
    fields[#fields + 1] = field
  end
  for i = 1, #fields, 4 do
    all[#all + 1] = { kind = fields[i], key = fields[i + 1], place = fields[i + 2], amount = fields[i + 3] }
  end
  return all
end

-- A window is a hash: its buckets by number; u, the sum of them; h, the part of it that is held; o and n, the oldest and the newest bucket; k,
-- where the ledger was asked. It keeps one bucket more than the window has, since the oldest has partly passed.

local function buckets_of(key, from, to)
  local fields = {}
  for bucket = from, to do
    fields[#fields + 1] = text(bucket)
  end
  return fields, #fields > 0 and redis.call('HMGET', key, unpack(fields)) or {}
end

-- Drops the buckets up to this one. No more than a window has are there, so the work is bounded.
local function drop(key, from, to)
  local sum = nil
  local fields, values = buckets_of(key, from, to)
  for i, value in ipairs(values) do
    if value then
      sum = add(key, 'u', negative(value))
    end
  end
  if #fields > 0 then
    redis.call('HDEL', key, unpack(fields))
  end
  return sum
end

local EXACT = 9007199254740992

local function window(key, now, width, buckets)
  local current = math.floor(now / width)
  local found = redis.call('HMGET', key, 'u', 'h', 'o', 'n', 'k', text(current))
  local it = { key = key, width = width, ring = buckets + 1, current = current, used = tonumber(found[1]) or 0,
    held = tonumber(found[2]) or 0, oldest = tonumber(found[3]), newest = tonumber(found[4]), known = found[5],
    here = current, inside = tonumber(found[6]) or 0 }
  if not it.newest then
    return it
  end
  local last = it.current - it.ring
  if it.newest - it.current > it.ring then
    -- The clock went back by more than a window: nothing of this can be told any more.
    last = it.newest
  elseif it.current < it.newest then
    it.current = it.newest
    last = it.current - it.ring
  end
  if it.oldest <= last then
    local kept = math.min(last, it.newest) + 1
    it.used = drop(key, it.oldest, kept - 1) or it.used
    it.oldest = kept
    if kept > it.newest then
      it.oldest, it.newest = it.current, it.current
      redis.call('HSET', key, 'n', text(it.current))
    end
    redis.call('HSET', key, 'o', text(it.oldest))
  end
  return it
end

-- Takes an amount, and where `hold` says so holds it as well.
local function window_put(it, bucket, amount, keep, hold)
  local place, number = text(bucket), tonumber(amount)
  if bucket == it.here and number >= 0 and it.inside >= 0 and it.held >= 0 and it.used + number < EXACT and it.held + number < EXACT then
    it.inside, it.used = it.inside + number, it.used + number
    if hold then
      it.held = it.held + number
      redis.call('HSET', it.key, place, text(it.inside), 'u', text(it.used), 'h', text(it.held))
    else
      redis.call('HSET', it.key, place, text(it.inside), 'u', text(it.used))
    end
  else
    add(it.key, place, amount)
    it.used = add(it.key, 'u', amount)
    if hold then
      it.held = add(it.key, 'h', amount)
    end
  end
  if not it.oldest or bucket < it.oldest then
    it.oldest = bucket
    redis.call('HSET', it.key, 'o', place)
  end
  if not it.newest or bucket > it.newest then
    it.newest = bucket
    redis.call('HSET', it.key, 'n', place)
    redis.call('PEXPIRE', it.key, keep)
  end
  return place
end

local function window_left(it, bucket, now)
  return (bucket + it.ring) * it.width - now
end

-- Microseconds until there is room; 0 now, -1 where that cannot be told.
local function window_wait(it, amount, limit, now)
  local excess = it.used + amount - limit
  if excess <= 0 then
    return 0
  end
  if amount > limit or not it.newest then
    return -1
  end
  local _, values = buckets_of(it.key, it.oldest, it.newest)
  for i, value in ipairs(values) do
    excess = excess - (tonumber(value or 0))
    if excess <= 0 then
      return window_left(it, it.oldest + i - 1, now)
    end
  end
  return -1
end

local function window_reset(it, now)
  if not it.newest or it.used == 0 then
    return 0
  end
  if it.newest == it.here and it.inside > 0 then
    return window_left(it, it.here, now)
  end
  local newest = redis.call('HGET', it.key, text(it.newest))
  if newest and newest ~= '0' then
    return window_left(it, it.newest, now)
  end
  local _, values = buckets_of(it.key, it.oldest, it.newest)
  for i = #values, 1, -1 do
    if values[i] and values[i] ~= '0' then
      return window_left(it, it.oldest + i - 1, now)
    end
  end
  return 0
end
