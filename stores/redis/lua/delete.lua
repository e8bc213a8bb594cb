-- number of jobs, their ids; or 'all'. Returns how many there were, and then the
-- ids of those that there were not.

local many = arg()
local list = many == 'all' and call('ZRANGE', ids, 0, -1) or args(tonumber(many))
fetch(jobs, list)
fetch(live, list)
local n, answer, seen = 0, {0}, {}
for _, id in ipairs(list) do
  local j = job(id)
  if get(jobs, id) then
    n = n + 1
    record({job = id, outcome = 'removed'})
    if not j then sweep(id) end
  elseif not seen[id] then
    answer[#answer + 1] = id
  end
  seen[id] = true
  if j then
    drop(id, j)
    if works(id, j.inc) then put(group('deleted', 'set'), j.inc, 1) end
    for _, number in ipairs(looseOf(j.inc)) do
      local r = run(number)
      tighten(number, r)
      finish(number, r)
    end
  end
end
write()
writeRecords()
if n > 0 then tell() end
answer[1] = n
return answer
