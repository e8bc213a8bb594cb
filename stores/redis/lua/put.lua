-- mode, number of jobs, and of each id, version, next, class, delivery,
-- instances, spec; returns "OK" and their versions, or what is wrong and with
-- which job

local mode, n = arg(), tonumber(arg())
local new, seen, puts = 0, {}, {}
for i = 1, n do
  local p = {}
  p.id, p.version, p.next, p.class, p.delivery, p.instances, p.spec = unpack(args(7))
  local j = job(p.id)
  if mode == 'insert' and (j or seen[p.id]) then return {'exists', p.id} end
  if mode == 'version' then
    if not j then return {'missing', p.id} end
    if j.version ~= p.version or seen[p.id] then return {'conflict', p.id} end
  end
  if not j and not seen[p.id] then new = new + 1 end
  seen[p.id] = true
  puts[i] = p
end
if n == 0 then return {'OK'} end

found()
local inc = 0
if new > 0 then inc = call('HINCRBY', meta, 'incarnation', new) - new end

local function insert(p)
  inc = inc + 1
  call('ZADD', ids, 0, p.id)
  return {version = int(floor + 1), inc = int(inc), waits = false}
end

local function change(p, j)
  local what = 'modified'
  if p.next == '-' and j.next ~= '-' then what = 'paused' end
  if p.next ~= '-' and j.next == '-' then what = 'resumed' end
  record({job = p.id, outcome = what})
  dequeue(p.id, j)
  bump(j)
end

-- move takes the loose runs of an incarnation to another class.
local function move(inc, class)
  local moved = {}
  looseOf(inc, function(number, r)
    tighten(number, r)
    moved[#moved + 1] = number
  end)
  for _, number in ipairs(moved) do
    call('ZADD', base .. 'free:' .. class, number, number)
  end
  if #moved > 0 then call('HSET', loose, inc, class .. ' ' .. table.concat(moved, ' ')) end
end

local answer = {'OK'}
for i, p in ipairs(puts) do
  local j = job(p.id)
  if j then
    change(p, j)
    if j.class ~= p.class then move(j.inc, p.class) end
  else
    j = insert(p)
  end
  if call('SADD', classes, p.class) == 1 then unique('classes', 1) end
  j.next, j.class = p.next, p.class
  save(p.id, j)
  enqueue(p.id, j)
  call('HSET', specs, j.inc, table.concat({j.version, p.delivery, p.instances, p.class, p.spec}, ' '))
  answer[i + 1] = j.version
end
writeRecords()
tell()
return answer
