-- Makes what is spent in periods what the ledger has of them. It is raised where Redis has less of a node, and lowered for the node that asks,
-- which has all of its own rows, by what may be there twice and is more than these rows come to.
-- What was seen before Redis lost its memory, and nobody brings, is nobody's after a while: it was seen where something counted twice.
-- KEYS: accounts. ARGV: node; after how many us that is, or '' where not all nodes are told; then for an account how many nodes the ledger has, what told.lua gave for it before the ledger was read, then node
--   ('' for all) and amount. Gives: how much each was changed by.
local function raise(key, node, amount)
  local more = amount - (tonumber(redis.call('HGET', key, node == '' and 's' or 'c:' .. node)) or 0)
  if more <= 0 then
    return 0
  end
  if node ~= '' then
    add(key, 'c:' .. node, text(more))
    add(key, 'd:' .. node, text(more))
    local seen = math.max(0, math.min(more, tonumber(redis.call('HGET', key, 'e') or 0)))
    if seen > 0 then
      add(key, 'e', text(-seen))
      more = more - seen
    end
  end
  add(key, 's', text(more))
  -- Of its own the node that asks brings nothing any more.
  if node == '' or node ~= ARGV[1] then
    add(key, 'r:' .. node, text(more))
  end
  return more
end

local function lower(key, node, over, doubtful)
  local found = redis.call('HGET', key, 'd:' .. node) or '0'
  local less = math.min(over, tonumber(found))
  -- Where it was changed meanwhile, the next comparison finds it.
  if less <= 0 or found ~= doubtful then
    return 0
  end
  for _, field in ipairs({ 's', 'c:' .. node, 'd:' .. node }) do
    add(key, field, text(-less))
  end
  redis.call('HDEL', key, 'r:' .. node)
  return -less
end

local function forget(key, known)
  local nobodys = tonumber(redis.call('HGET', key, 'e') or 0)
  if nobodys <= 0 or now_us() - tonumber(known) < tonumber(ARGV[2]) then
    return 0
  end
  add(key, 's', text(-nobodys))
  redis.call('HDEL', key, 'e')
  return -nobodys
end

local answer, at = {}, 2
for i, key in ipairs(KEYS) do
  local nodes, asked, had, doubtful = tonumber(ARGV[at + 1]), ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4]
  local known, own, change = redis.call('HGET', key, 'k'), 0, 0
  at = at + 4
  for _ = 1, nodes do
    local node, amount = ARGV[at + 1], tonumber(ARGV[at + 2])
    at = at + 2
    if known then
      change = change + raise(key, node, amount)
    end
    if node == ARGV[1] then
      own = amount
    end
  end
  if ARGV[1] ~= '' and known == asked and had > own then
    change = change + lower(key, ARGV[1], had - own, doubtful)
  end
  if ARGV[1] ~= '' and ARGV[2] ~= '' and known == asked then
    change = change + forget(key, known)
  end
  answer[i] = text(change)
end
return table.concat(answer, ' ')
