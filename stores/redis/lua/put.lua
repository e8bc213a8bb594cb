-- mode, number of jobs, and of each id, version, next, class, delivery,
-- instances, spec; returns "OK" and their versions, or what is wrong and with
-- which job

local mode, n = arg(), tonumber(arg())
local new, seen, puts, list = 0, {}, {}, {}
for i = 1, n do
  local p = {}
  p.id, p.version, p.next, p.class, p.delivery, p.instances, p.spec = unpack(args(7))
  puts[i], list[i] = p, p.id
end
fetch(jobs, list)
for _, p in ipairs(puts) do
  local j = job(p.id)
  if mode == 'insert' and (get(jobs, p.id) or seen[p.id]) then return {'exists', p.id} end
  if mode == 'version' then
    if not j then return {'missing', p.id} end
    if j.version ~= p.version or seen[p.id] then return {'conflict', p.id} end
  end
  if not j and not seen[p.id] then new = new + 1 end
  seen[p.id] = true
end
if n == 0 then return {'OK'} end

found()
local inc = 0
if new > 0 then inc = call('HINCRBY', meta, 'incarnation', new) - new end

local function insert(p)
  inc = inc + 1
  if get(jobs, p.id) then sweep(p.id) end
  put(group('ids', 'zset'), p.id, '0')
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
local function move(j, class)
  local list = looseOf(j.inc)
  for _, number in ipairs(list) do
    put(group('free:' .. j.class, 'zset'), number, false)
    put(group('free:' .. class, 'zset'), number, number)
  end
  if #list > 0 then set(loose, j.inc, class .. ' ' .. table.concat(list, ' ')) end
end

local met = {} -- classes
local number = unique('put', n) - 1
local answer = {'OK'}
for i, p in ipairs(puts) do
  local j = job(p.id)
  if j then
    change(p, j)
    if j.class ~= p.class then move(j, p.class) end
  else
    j = insert(p)
  end
  met[p.class] = true
  j.next, j.class = p.next, p.class
  save(p.id, j)
  enqueue(p.id, j)
  set(specs, j.inc, table.concat({int(number + i), p.delivery, p.instances, p.class, p.spec}, ' '))
  answer[i + 1] = j.version
end
for class in pairs(met) do
  if call('SADD', classes, class) == 1 then unique('classes', 1) end
end
write()
writeRecords()
tell()
return answer
