-- What Redis has of a node, to be compared with what the ledger has of it.
-- KEYS: accounts. ARGV: node. Gives: for an account when the ledger was asked, or 0; what is that node's; what of it may be there twice.
local answer = {}
for i, key in ipairs(KEYS) do
  local found = redis.call('HMGET', key, 'k', 'c:' .. ARGV[1], 'd:' .. ARGV[1])
  answer[i] = (found[1] or '0') .. ' ' .. (found[2] or '0') .. ' ' .. (found[3] or '0')
end
return table.concat(answer, ' ')
