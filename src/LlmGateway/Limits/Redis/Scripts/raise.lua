-- Raises what is spent in periods to what the ledger has of them. It is never lowered.
-- KEYS: accounts. ARGV: for an account what the ledger has. Gives: how much each was raised by.
local answer = {}
for i, key in ipairs(KEYS) do
  local found = redis.call('HMGET', key, 's', 'k')
  local more = tonumber(ARGV[i]) - (tonumber(found[1]) or 0)
  if found[2] and more > 0 then
    add(key, 's', text(more))
    add(key, 'r', text(more))
  else
    more = 0
  end
  answer[i] = text(more)
end
return table.concat(answer, ' ')
