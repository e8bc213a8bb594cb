-- number of jobs, their ids; none: all jobs. Returns how many there were.

local list = args(tonumber(arg()))
if #list == 0 then list = call('ZRANGE', ids, 0, -1) end
local n = 0
for _, id in ipairs(list) do
  local j = job(id)
  if j then
    n = n + 1
    drop(id, j)
    record({job = id, outcome = 'removed'})
    if string.find(instances(id), ':' .. j.inc .. ';', 1, true) then call('SADD', deleted, j.inc) end
    looseOf(j.inc, function(number, r)
      tighten(number, r)
      finish(number, r)
    end)
  end
end
writeRecords()
if n > 0 then tell() end
return n
