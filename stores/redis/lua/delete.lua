-- number of jobs, their ids; none: all jobs. Returns how many there were.

local list = args(tonumber(arg()))
if #list == 0 then list = call('ZRANGE', ids, 0, -1) end
fetch(jobs, list)
fetch(live, list)
local n = 0
for _, id in ipairs(list) do
  local j = job(id)
  if get(jobs, id) then
    n = n + 1
    record({job = id, outcome = 'removed'})
    if not j then sweep(id) end
  end
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
return n
