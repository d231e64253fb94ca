-- KEYS: accounts. ARGV: for an account kind, width in us or 0, buckets or 0.
-- Gives: for an account known (1 or 0), spent, held.
local now = now_us()
local answer = {}
for i, key in ipairs(KEYS) do
  local at = (i - 1) * 3
  local known, spent, held = 1, 0, 0
  if ARGV[at + 1] == 'w' then
    local it = window(key, now, tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]))
    known, spent, held = it.known and 1 or 0, math.max(0, it.used - it.held), math.max(0, it.held)
  else
    local found = redis.call('HMGET', key, 's', 'h', 'k')
    known, spent, held = found[3] and 1 or 0, tonumber(found[1]) or 0, tonumber(found[2]) or 0
  end
  answer[i] = known .. ' ' .. text(spent) .. ' ' .. text(held)
end
return table.concat(answer, ' ')
