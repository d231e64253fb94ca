-- Holds an amount in every account, or nothing. Again for the same id it answers as before.
-- KEYS: leases, reservation, accounts.
-- ARGV: id, lease in ms, keep in ms, 'reserve' or 'extend'; then for an account: kind (w window, p period, s slots), amount, limit or '',
--   width of a bucket in us or start of the period in ms, buckets or end of the period in ms or '', 1 where the ledger is to be asked first.
-- Gives: 1 and for an account place, used, spent, reset in us | 0, the refusing account, wait in us or -1, 1 where it never fits, 1 where
--   leases have ended, and the same for an account | -1 and the accounts that must be looked up in the ledger | -2 and the time in ms: a
--   period is over | -3 the reservation is gone | -4 there is nothing to extend.
local now = now_us()
local now_ms = math.floor(now / 1000)
local extend = ARGV[4] == 'extend'
local found = redis.call('GET', KEYS[2])
if found == GONE then
  return '-3'
end
if extend and not found then
  return '-4'
end
local before = found and records(found)

local accounts, unknown = {}, { '-1' }
for i = 1, #KEYS - 2 do
  local at = 4 + (i - 1) * 6
  local it = { kind = ARGV[at + 1], amount = ARGV[at + 2], limit = tonumber(ARGV[at + 3]), key = KEYS[i + 2], a = tonumber(ARGV[at + 4]),
    b = tonumber(ARGV[at + 5]), kept = ARGV[at + 6] == '1', place = before and before[i] and before[i].place }
  if it.kind == 'w' then
    it.window = window(it.key, now, it.a, it.b)
    it.used, it.spent = it.window.used, it.window.used - it.window.held
    it.known = it.window.known
  elseif it.kind == 'p' then
    if not found and (now_ms < it.a or (it.b and now_ms >= it.b)) then
      return '-2 ' .. text(now_ms)
    end
    local fields = redis.call('HMGET', it.key, 's', 'h', 'k')
    it.spent = tonumber(fields[1]) or 0
    it.used = it.spent + (tonumber(fields[2]) or 0)
    it.known = fields[3]
  else
    it.spent, it.used = 0, tonumber(redis.call('HGET', it.key, 'h') or 0)
  end
  if it.kept and not it.known and not found then
    unknown[#unknown + 1] = tostring(i - 1)
  end
  accounts[i] = it
end
if #unknown > 1 then
  return table.concat(unknown, ' ')
end

-- Of several the one that takes longest: who waits for it finds room in all.
local refusing, longest, never = nil, nil, false
if extend or not found then
  for i, it in ipairs(accounts) do
    local amount = tonumber(it.amount)
    if it.limit and not (extend and amount == 0) and it.used + amount > it.limit then
      local wait = -1
      if it.kind == 'w' then
        wait = window_wait(it.window, amount, it.limit, now)
      elseif it.kind == 'p' and it.b then
        wait = it.b * 1000 - now
      end
      local order = amount > it.limit and math.huge or math.max(wait, 0)
      if not refusing or order > longest then
        refusing, longest, never = i, order, amount > it.limit
        it.wait = wait
      end
    end
  end
end

local answer = { '1' }
if refusing then
  local ended = #redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now_ms, 'LIMIT', 0, 1)
  answer = { '0', tostring(refusing - 1), text(accounts[refusing].wait), never and '1' or '0', tostring(ended) }
elseif extend or not found then
  local held = {}
  for _, it in ipairs(accounts) do
    if it.kind == 'w' then
      local bucket = tonumber(it.place) or it.window.current
      -- What has left the window counts no more, and neither does what is added to it.
      if bucket > it.window.current - it.window.ring then
        it.place = window_put(it.window, bucket, it.amount, math.ceil(it.a * (it.b + 1) / 1000) + 3600000, true)
      else
        add(it.key, 'h', it.amount)
      end
      it.used = it.window.used
    elseif it.kind == 'p' then
      it.place = it.place or text(it.a)
      it.used = it.used + tonumber(it.amount)
      add(it.key, 'h', it.amount)
    else
      it.place = '0'
      it.used = it.used + tonumber(it.amount)
      add(it.key, 'h', it.amount)
    end
    held[#held + 1] = table.concat({ it.kind, it.key, it.place, it.amount, '' }, SEPARATOR)
  end
  redis.call('SET', KEYS[2], (found or '') .. table.concat(held), 'PX', ARGV[3])
  redis.call('ZADD', KEYS[1], now_ms + ARGV[2], ARGV[1])
end

for _, it in ipairs(accounts) do
  local reset = 0
  if it.kind == 'w' then
    reset = window_reset(it.window, now)
  elseif it.kind == 'p' and it.b then
    reset = math.max(0, it.b * 1000 - now)
  end
  answer[#answer + 1] = table.concat({ it.place or '0', text(it.used), text(math.max(0, it.spent)), text(reset) }, ' ')
end
return table.concat(answer, ' ')
