
-- Several calls in one, one after the other: the script before is the body of `one`.
-- KEYS: those of all calls. ARGV: for a call the number of its keys, and its arguments as an array of MessagePack.
-- Gives: the answers, with line ends between.
local answers, taken = {}, 0
for i = 1, #ARGV, 2 do
  local keys = {}
  for k = 1, tonumber(ARGV[i]) do
    keys[k] = KEYS[taken + k]
  end
  taken = taken + #keys
  answers[#answers + 1] = one(keys, cmsgpack.unpack(ARGV[i + 1]))
end
return table.concat(answers, '\n')
