
-- Several calls in one, one after the other: the script before is the body of `one`.
-- KEYS: those of all calls. ARGV: for a call the number of its keys, and its arguments, each with a separator behind.
-- Gives: the answers, with line ends between.
local answers, taken = {}, 0
for i = 1, #ARGV, 2 do
  local keys, arguments = {}, {}
  for k = 1, tonumber(ARGV[i]) do
    keys[k] = KEYS[taken + k]
  end
  taken = taken + #keys
  for field in string.gmatch(ARGV[i + 1], '([^' .. SEPARATOR .. ']*)' .. SEPARATOR) do
    arguments[#arguments + 1] = field
  end
  answers[#answers + 1] = one(keys, arguments)
end
return table.concat(answers, '\n')
