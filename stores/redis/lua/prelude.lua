-- What every script begins with: the keys, the arguments, and what the scripts
-- have in common. doc.go says what is kept under which key.
--
-- Times are texts like 2024-05-01T02:30:00.000000000Z, or "-" for none. They
-- have one length, so their order is that of their bytes.

local call = redis.call
local meta = KEYS[1]
local base = string.sub(meta, 1, -5) -- without "meta"
local jobs, specs, ids = base .. 'jobs', base .. 'specs', base .. 'ids'
local live, runs, loose, deleted = base .. 'live', base .. 'runs', base .. 'loose', base .. 'deleted'
local leases, dead, claims, lost = base .. 'leases', base .. 'dead', base .. 'claims', base .. 'lost'
local history, classes = base .. 'history', base .. 'classes'

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
local keep = tonumber(arg()) -- records of the history
local age = tonumber(arg())  -- of a record, in microseconds; negative: any

local function int(n) return string.format('%.0f', n) end

local clock = call('TIME')
local now = clock[1] * 1000000 + clock[2] -- in microseconds

local store = call('HMGET', meta, 'format', 'floor')
if store[1] and store[1] ~= format then
  error('CARILLON the format ' .. store[1] .. ' of the data under ' .. meta .. ' is not the one that this program knows, ' .. format
    .. '; use the version of Carillon that has written it, or give another Prefix')
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

-- Jobs. A row is "version incarnation waits next class".

local function job(id)
  local row = call('HGET', jobs, id)
  if not row then return nil end
  local j = {}
  j.version, j.inc, j.waits, j.next, j.class = string.match(row, '^(%d+) (%d+) ([w-]) (%S+) (%S+)$')
  if not j.version then
    error('CARILLON the row of job ' .. id .. ' in ' .. jobs .. ' is damaged: ' .. row)
  end
  j.waits = j.waits == 'w'
  return j
end

local function save(id, j)
  call('HSET', jobs, id, j.version .. ' ' .. j.inc .. ' ' .. (j.waits and 'w' or '-') .. ' ' .. j.next .. ' ' .. j.class)
end

-- bump counts a change of the job.
local function bump(j) j.version = int(j.version + 1) end

-- enqueue puts a job into the due index of its class, unless it is paused or
-- waits.
local function enqueue(id, j)
  if not j.waits and j.next ~= '-' then
    call('ZADD', base .. 'due:' .. j.class, 0, j.next .. ' ' .. id)
  end
end

local function dequeue(id, j)
  if not j.waits and j.next ~= '-' then
    call('ZREM', base .. 'due:' .. j.class, j.next .. ' ' .. id)
  end
end

-- Settings of an incarnation are "version delivery instances class JSON", with
-- the Version of the Put that they are of.

-- delivery returns what an incarnation promises, and its class.
local function delivery(inc)
  return string.match(call('HGET', specs, inc) or '', '^%d+ (%S+) %S+ (%S+) ')
end

-- Live instances. Those of a job ID are a text, ";first:left:inc;first:left:inc;":
-- of each its first run, how many runs are unfinished, and the incarnation.

local function instances(id) return call('HGET', live, id) or ';' end

local function count(text)
  local _, n = string.gsub(text, ';', '')
  return n - 1
end

local function setInstances(id, text)
  if text == ';' then call('HDEL', live, id) else call('HSET', live, id, text) end
end

-- Runs. A row is "incarnation instance attempt claim scheduled first job".

local function run(number)
  local row = call('HGET', runs, number)
  if not row then return nil end
  local r = {}
  r.inc, r.instance, r.attempt, r.claim, r.scheduled, r.first, r.id = string.match(row, '^(%d+) (%d+) (%d+) (%d+) (%S+) (%S+) (.*)$')
  return r
end

local function saveRun(number, r)
  call('HSET', runs, number, table.concat({r.inc, r.instance, r.attempt, r.claim, r.scheduled, r.first, r.id}, ' '))
end

-- finish ends a run that is held by nobody any more. It returns when the job is
-- due that has waited for it, nil if none has.
local function finish(number, r)
  call('HDEL', runs, number)
  local text = instances(r.id)
  local from, to, left = string.find(text, ';' .. r.instance .. ':(%d+):%d+;')
  if not from then return nil end
  if tonumber(left) > 1 then
    local token = ';' .. r.instance .. ':' .. int(left - 1) .. ':' .. r.inc .. ';'
    setInstances(r.id, string.sub(text, 1, from - 1) .. token .. string.sub(text, to + 1))
    return nil
  end
  text = string.sub(text, 1, from) .. string.sub(text, to + 1)
  setInstances(r.id, text)
  local j = job(r.id)
  if not (j and j.inc == r.inc) and not string.find(text, ':' .. r.inc .. ';', 1, true) then
    call('HDEL', specs, r.inc)
    call('SREM', deleted, r.inc)
  end
  if not (j and j.waits) then return nil end
  j.waits = false
  save(r.id, j)
  enqueue(r.id, j)
  return j.next ~= '-' and j.next or nil
end

-- Loose runs are unfinished and held by nobody. They are in a set for each
-- class, and in a text for each incarnation, "class run run".

local function loosen(number, r)
  local _, class = delivery(r.inc)
  call('ZADD', base .. 'free:' .. class, number, number)
  call('HSET', loose, r.inc, (call('HGET', loose, r.inc) or class) .. ' ' .. number)
end

-- tighten takes a run out of those that are loose.
local function tighten(number, r)
  local text = call('HGET', loose, r.inc)
  local class = string.match(text, '^%S+')
  call('ZREM', base .. 'free:' .. class, number)
  local from, to = string.find(text .. ' ', ' ' .. number .. ' ', 1, true)
  text = string.sub(text, 1, from - 1) .. string.sub(text, to)
  if text == class then call('HDEL', loose, r.inc) else call('HSET', loose, r.inc, text) end
end

-- looseOf calls f for each loose run of an incarnation.
local function looseOf(inc, f)
  local text = call('HGET', loose, inc)
  if not text then return end
  for number in string.gmatch(text, ' (%d+)') do f(number, run(number)) end
end

-- drop makes a job one no more. What its unfinished runs need of it is kept.
local function drop(id, j)
  dequeue(id, j)
  call('HDEL', jobs, id)
  call('ZREM', ids, id)
  if tonumber(j.version) > floor then
    floor = tonumber(j.version)
    call('HSET', meta, 'floor', j.version)
  end
  if not string.find(instances(id), ':' .. j.inc .. ';', 1, true) then call('HDEL', specs, j.inc) end
end

-- alive tells whether a node's lease has not ended.
local function alive(node)
  local till = call('ZSCORE', leases, node)
  return till and tonumber(till) > now
end

-- The history. Records are written by the end of the script.

local records = {}
local function record(r)
  if keep > 0 then records[#records + 1] = r end
end

local function writeRecords()
  if #records == 0 then return end
  local first = unique('record', #records)
  for i, r in ipairs(records) do
    call('XADD', history, 'MAXLEN', '~', keep, int(first + i - 1) .. '-0',
      'job', r.job, 'outcome', r.outcome, 'scheduled', r.scheduled or '-', 'first', r.first or r.scheduled or '-',
      'run', r.run or '0', 'attempt', r.attempt or '0', 'node', r.node or '',
      'started', r.started or '-', 'finished', r.finished or '-', 'reason', r.reason or '')
  end
  if age >= 0 then call('XTRIM', history, 'MINID', '~', int(now - age)) end
end

-- tell tells the watchers of other sessions that jobs have changed.
local function tell() call('PUBLISH', base .. 'changed', session) end
