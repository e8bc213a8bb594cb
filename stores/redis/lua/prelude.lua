-- What every script begins with: the keys, the arguments, and what the scripts
-- have in common. doc.go says what is kept under which key.
--
-- Times are texts like 2024-05-01T02:30:00.000000000Z, or "-" for none. They
-- have one length, so their order is that of their bytes.

local call = redis.call
local meta = KEYS[1]
local base = string.sub(meta, 1, -5) -- without "meta"
local ids, deleted, leases, dead = base .. 'ids', base .. 'deleted', base .. 'leases', base .. 'dead'
local claims, lost, history, classes = base .. 'claims', base .. 'lost', base .. 'history', base .. 'classes'

-- The arguments, one after the other. The first four are those of all scripts.
local read = 0
local function arg()
  read = read + 1
  return ARGV[read]
end
local function args(n)
  local list = {}
  for i = 1, n do list[i] = arg() end
  return list
end
local format = arg()
local session = arg()
local keep = arg()           -- how many records of the history
local age = tonumber(arg())  -- of a record, in microseconds; negative: any

local function int(n) return string.format('%d', n) end

local clock = call('TIME')
local now = clock[1] * 1000000 + clock[2] -- in microseconds

local store = call('HMGET', meta, 'format', 'floor')
if store[1] and store[1] ~= format then
  error('CARILLON the data under ' .. meta .. ' have the format ' .. store[1] .. ', and this program knows ' .. format
    .. '; use the version of Carillon that has written them, or give another Prefix')
end
local floor = tonumber(store[2] or 0) -- the greatest Version of a job that is gone

-- found makes sure that the data have a format.
local function found()
  if not store[1] then call('HSET', meta, 'format', format) end
end

-- unique returns the first of n numbers in a row that have never been given
-- out, not even before data were lost: they are not less than the time.
local function unique(counter, n)
  local first = math.max(tonumber(call('HGET', meta, counter) or 0) + 1, now)
  call('HSET', meta, counter, int(first + n - 1))
  return first
end

-- inPieces calls a command for a list that may be long: size items at a time.
local function inPieces(size, list, f)
  for from = 1, #list, size do f(from, math.min(from + size - 1, #list)) end
end

local function command(name, key, list)
  inPieces(1000, list, function(from, to) call(name, key, unpack(list, from, to)) end)
end

-- A changes is what a script does to one key. It reads what it changes, and
-- writes all of it at once (write), so that a script takes few commands.

local all = {} -- changes, in the order of their first use

local function changes(key, kind)
  local c = {key = key, kind = kind, changed = {}, order = {}}
  all[#all + 1] = c
  return c
end

-- put sets a field of a hash, or adds a member of a set, with any value but
-- false; false removes it.
local function put(c, name, value)
  if c.changed[name] == nil then c.order[#c.order + 1] = name end
  c.changed[name] = value
end

local function write()
  for _, c in ipairs(all) do
    if #c.order > 0 then
      local set, gone = {}, {}
      for _, name in ipairs(c.order) do
        local value = c.changed[name]
        if value == false then
          gone[#gone + 1] = name
        else
          if c.kind == 'zset' then set[#set + 1] = value end
          set[#set + 1] = name
          if c.kind == 'hash' then set[#set + 1] = value end
        end
      end
      command(c.kind == 'hash' and 'HDEL' or c.kind == 'set' and 'SREM' or 'ZREM', c.key, gone)
      command(c.kind == 'hash' and 'HSET' or c.kind == 'set' and 'SADD' or 'ZADD', c.key, set)
      c.changed, c.order = {}, {}
    end
  end
end

-- A hash is a changes that is read through it.
local function hash(name)
  local h = changes(base .. name, 'hash')
  h.values = {}
  return h
end

local function get(h, field)
  local value = h.changed[field]
  if value == nil then value = h.values[field] end
  if value == nil then
    value = call('HGET', h.key, field)
    h.values[field] = value
  end
  return value
end

local function set(h, field, value)
  put(h, field, value)
  h.values[field] = value
end

-- fetch reads many fields at once, those that will be asked for.
local function fetch(h, fields)
  inPieces(1000, fields, function(from, to)
    local values = call('HMGET', h.key, unpack(fields, from, to))
    for i, value in ipairs(values) do
      local field = fields[from + i - 1]
      if h.values[field] == nil then h.values[field] = value end
    end
  end)
end

local jobs, specs, live, runs, loose = hash('jobs'), hash('specs'), hash('live'), hash('runs'), hash('loose')
local chains = hash('chains')

-- group returns the changes of a set or a sorted set that is one of many.
local groups = {}
local function group(key, kind)
  if not groups[key] then groups[key] = changes(base .. key, kind) end
  return groups[key]
end

-- Jobs. A row is "incarnation waits version next class".

-- job returns what the row of a job says, nil if there is none or it is damaged.
local function job(id)
  local row = get(jobs, id)
  if not row then return nil end
  local j = {}
  j.inc, j.waits, j.version, j.next, j.class = string.match(row, '^(%d+) ([w-]) (%d+) (%S+) (%S+)$')
  j.waits = j.waits == 'w'
  return j.version and j
end

-- versionOf returns the Version of a job, even of one whose row is damaged
-- behind it; '' if it cannot be told.
local function versionOf(id) return string.match(get(jobs, id) or '', '^%d+ [w-] (%d+)') or '' end

local function incOf(id) return string.match(get(jobs, id) or '', '^%d*') end

local function save(id, j)
  set(jobs, id, j.inc .. (j.waits and ' w ' or ' - ') .. j.version .. ' ' .. j.next .. ' ' .. j.class)
end

-- bump counts a change of the job.
local function bump(j) j.version = int(j.version + 1) end

-- queue puts a job into the due index of its class, or takes it out, unless it
-- is paused or waits.
local function queue(id, j, value)
  if not j.waits and j.next ~= '-' then put(group('due:' .. j.class, 'zset'), j.next .. ' ' .. id, value) end
end
local function enqueue(id, j) queue(id, j, '0') end
local function dequeue(id, j) queue(id, j, false) end

-- Settings of an incarnation are "put delivery instances class JSON", with the
-- number of the Put that they are of.

-- delivery returns what an incarnation promises, and its class.
local function delivery(inc) return string.match(get(specs, inc) or '', '^%d+ (%S+) %S+ (%S+) ') end

-- Live instances. Those of a job ID are a text, ";first:left:inc;first:left:inc;":
-- of each its first run, how many runs are unfinished, and the incarnation.

local function instances(id) return get(live, id) or ';' end

local function count(text)
  if text == ';' then return 0 end
  local _, n = string.gsub(text, ';', '')
  return n - 1
end

local function setInstances(id, text) set(live, id, text ~= ';' and text) end

local function works(id, inc) return string.find(instances(id), ':' .. inc .. ';', 1, true) end

-- Runs. A row is "incarnation instance attempt claim scheduled first job".

local function run(number)
  local row = get(runs, number)
  if not row then return nil end
  local r = {}
  r.inc, r.instance, r.attempt, r.claim, r.scheduled, r.first, r.id = string.match(row, '^(%d+) (%d+) (%d+) (%d+) (%S+) (%S+) (.*)$')
  return r
end

local function saveRun(number, r)
  set(runs, number, table.concat({r.inc, r.instance, r.attempt, r.claim, r.scheduled, r.first, r.id}, ' '))
end

-- finish ends a run that is held by nobody any more. It returns when the job is
-- due that has waited for it, nil if none has.
local function finish(number, r)
  set(runs, number, false)
  local text = instances(r.id)
  if text == ';' .. number .. ':1:' .. r.inc .. ';' then -- the usual case
    setInstances(r.id, ';')
    local usual = r.inc .. ' - '
    if string.sub(get(jobs, r.id) or '', 1, #usual) == usual then return nil end
  else
    local from, to, left = string.find(text, ';' .. r.instance .. ':(%d+):%d+;')
    if not from then return nil end
    local before, after = string.sub(text, 1, from), string.sub(text, to + 1)
    if tonumber(left) > 1 then
      setInstances(r.id, before .. r.instance .. ':' .. int(left - 1) .. ':' .. r.inc .. ';' .. after)
      return nil
    end
    setInstances(r.id, before .. after)
  end
  local j = job(r.id)
  if not (j and j.inc == r.inc) and not works(r.id, r.inc) then
    set(specs, r.inc, false)
    put(group('deleted', 'set'), r.inc, false)
  end
  if not (j and j.waits) then return nil end
  j.waits = false
  save(r.id, j)
  enqueue(r.id, j)
  return j.next ~= '-' and j.next or nil
end

-- Loose runs are unfinished and held by nobody. They are in a sorted set for
-- each class, and in a text for each incarnation, "class run run".

local function loosen(number, r)
  local _, class = delivery(r.inc)
  put(group('free:' .. class, 'zset'), number, number)
  set(loose, r.inc, (get(loose, r.inc) or class) .. ' ' .. number)
end

-- tighten takes a run out of those that are loose.
local function tighten(number, r)
  local text = get(loose, r.inc)
  local class = string.match(text, '^%S+')
  put(group('free:' .. class, 'zset'), number, false)
  local from, to = string.find(text .. ' ', ' ' .. number .. ' ', 1, true)
  text = string.sub(text, 1, from - 1) .. string.sub(text, to)
  set(loose, r.inc, text ~= class and text)
end

-- looseOf returns the loose runs of an incarnation.
local function looseOf(inc)
  local list = {}
  for number in string.gmatch(get(loose, inc) or '', ' (%d+)') do list[#list + 1] = number end
  return list
end

-- sweep takes a job whose row is damaged out of everything that it may be in.
local function sweep(id)
  set(jobs, id, false)
  put(group('ids', 'zset'), id, false)
  for _, class in ipairs(call('SMEMBERS', classes)) do
    for _, member in ipairs(call('ZRANGE', base .. 'due:' .. class, 0, -1)) do
      if string.sub(member, 32) == id then put(group('due:' .. class, 'zset'), member, false) end
    end
  end
end

-- drop makes a job one no more. What its unfinished runs need of it is kept.
local function drop(id, j)
  dequeue(id, j)
  set(jobs, id, false)
  put(group('ids', 'zset'), id, false)
  if tonumber(j.version) > floor then
    floor = tonumber(j.version)
    call('HSET', meta, 'floor', j.version)
  end
  if not works(id, j.inc) then set(specs, j.inc, false) end
end

-- alive tells whether a node's lease has not ended.
local function alive(node)
  local till = call('ZSCORE', leases, node)
  return till and tonumber(till) > now
end

-- The history. Records are written by the end of the script. Those of a job are
-- a chain, in which they may stand with those of others: each has the number of
-- the one before, and chains that of the last. Meta has the first that is in one.

local records = {}
local keeps = tonumber(keep) > 0
local oldest = age >= 0 and math.max(now - age, 0) or 0 -- that is to be told
local function record(r)
  if keeps then records[#records + 1] = r end
end

local function chainOf(id) return string.sub(redis.sha1hex(id), 1, 3) end

local function writeRecords()
  if #records == 0 then return end
  local first = unique('record', #records)
  call('HSETNX', meta, 'chained', int(first))
  local names = {}
  for i, r in ipairs(records) do names[i] = chainOf(r.job) end
  fetch(chains, names)
  for i, r in ipairs(records) do
    local number = int(first + i - 1)
    call('XADD', history, 'MAXLEN', '~', keep, number .. '-0',
      'job', r.job, 'outcome', r.outcome, 'scheduled', r.scheduled or '-', 'first', r.first or r.scheduled or '-',
      'run', r.run or '0', 'attempt', r.attempt or '0', 'node', r.node or '',
      'started', r.started or '-', 'finished', r.finished or '-', 'reason', r.reason or '',
      'before', get(chains, names[i]) or '-')
    set(chains, names[i], number)
  end
  write()
  if age >= 0 then call('XTRIM', history, 'MINID', '~', int(oldest)) end
end

-- tell tells the watchers of other sessions that jobs have changed.
local function tell() call('PUBLISH', base .. 'changed', session) end
