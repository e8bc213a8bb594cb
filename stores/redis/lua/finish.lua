-- node, number of runs, and of each run, attempt, outcome, started, finished,
-- err; returns how many were held, and the earliest time that is to be claimed
-- because of this ("-": none)

local node, n = arg(), tonumber(arg())
if not alive(node) then return {0, '-'} end
local next, released = nil, false

local function earlier(t)
  if t and (not next or t < next) then next = t end
end

local done, numbers = {}, {}
for i = 1, n do
  local d = {}
  d.run, d.attempt, d.outcome, d.started, d.finished, d.err = unpack(args(6))
  done[i], numbers[i] = d, d.run
end
fetch(runs, numbers)

-- Those that are held.
local own, names = {}, {}
for _, d in ipairs(done) do
  local r = run(d.run)
  if r and r.attempt == d.attempt and call('SREM', base .. 'held:' .. node, d.run) == 1 then
    own[#own + 1], names[#names + 1] = {d, r}, r.id
  end
end
fetch(live, names)
fetch(jobs, names)

for _, pair in ipairs(own) do
  local d, r = unpack(pair)
  if d.outcome ~= 'released' then
    record({job = r.id, outcome = d.outcome, scheduled = r.scheduled, first = r.first, run = d.run, attempt = d.attempt,
      node = node, started = d.started, finished = d.finished, reason = d.err})
    earlier(finish(d.run, r))
  elseif call('SISMEMBER', deleted, r.inc) == 1 then
    earlier(finish(d.run, r))
  else
    loosen(d.run, r)
    earlier(r.scheduled)
    released = true
  end
end
write()
writeRecords()
if released then tell() end
return {#own, next or '-'}
