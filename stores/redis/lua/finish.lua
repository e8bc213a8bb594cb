-- node, number of runs, and of each run, attempt, outcome, started, finished,
-- err; returns how many were held, and the earliest time that is to be claimed
-- because of this ("-": none)

local node, n = arg(), tonumber(arg())
if not alive(node) then return {0, '-'} end
local held, next, released = 0, nil, false

local function earlier(t)
  if t and (not next or t < next) then next = t end
end

for i = 1, n do
  local number, attempt, outcome, started, finished, err = unpack(args(6))
  local r = run(number)
  if r and r.attempt == attempt and call('SREM', base .. 'held:' .. node, number) == 1 then
    held = held + 1
    if outcome ~= 'released' then
      record({job = r.id, outcome = outcome, scheduled = r.scheduled, first = r.first, run = number, attempt = attempt,
        node = node, started = started, finished = finished, reason = err})
      earlier(finish(number, r))
    elseif call('SISMEMBER', deleted, r.inc) == 1 then
      earlier(finish(number, r))
    else
      loosen(number, r)
      earlier(r.scheduled)
      released = true
    end
  end
end
writeRecords()
if released then tell() end
return {held, next or '-'}
