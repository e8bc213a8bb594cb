-- A claim is this script twice or more often: each time it writes what has been
-- planned since the last one, and returns what is to be planned next. The first
-- time there is nothing planned yet, and nothing but the claim's token is written,
-- so that it does no harm if it comes late; the last time nothing is returned to
-- plan.
--
-- node, seq, token, round, "runs" if runs are to be dealt with, now, limit, page,
-- and the lists below; returns "expired", "stale", "runs" if there are runs to be
-- dealt with first, {"classes", mark, classes}, or {"OK", lost, taken, started,
-- due, strangers, next, more}

local node, seq, token, round, deal, due = arg(), arg(), arg(), tonumber(arg()), arg() == 'runs', arg()
local limit = tonumber(arg()) -- how many runs may still be claimed
local page = tonumber(arg())  -- how many jobs to return
local mark = arg()            -- of the classes that the caller knows

local fit = args(tonumber(arg())) -- classes that the caller can run

local strange = {} -- the other classes, and behind which job to look
for i = 1, tonumber(arg()) do strange[i] = {class = arg(), after = arg()} end

local skip = {} -- jobs by ID that are not to be returned, in this version; "*": that have been planned
local skips = tonumber(arg())
for i = 1, skips do
  local id = arg()
  skip[id] = arg()
end

local notes = {} -- jobs that have been parked
for i = 1, tonumber(arg()) do notes[i] = args(3) end

local steps = {}
for i = 1, tonumber(arg()) do
  local s = {}
  s.id, s.version, s.live, s.becomes, s.next, s.first, s.max = unpack(args(7))
  s.runs = args(tonumber(arg()))
  s.skipped = args(tonumber(arg()))
  steps[i] = s
end

if not alive(node) then return 'expired' end
if round == 0 and (call('HGET', meta, 'classes') or '') ~= mark then
  return {'classes', call('HGET', meta, 'classes') or '', call('SMEMBERS', classes)}
end

-- The last claim of the node is "written seq token round"; written is the number
-- of the last one that has written something. A script that comes late, when its
-- claim has been given up, finds another token and does nothing.
local written, lastSeq, turn = string.match(call('HGET', claims, node) or '0 0 - -', '^(%d+) (%d+) (.*)$')
local repeated = round == 0 and seq ~= '0' and (seq == written or seq == lastSeq)
if round > 0 then
  if lastSeq ~= seq or turn ~= token .. ' ' .. (round - 1) then return 'stale' end
  if seq ~= '0' then written = seq end
end
call('HSET', claims, node, table.concat({written, seq, token, round}, ' '))

local held = changes(base .. 'held:' .. node, 'set')

local function number(a, b) return tonumber(a) < tonumber(b) end

-- told returns what the caller has to know of a run.
local function told(n, r)
  return {n, r.instance, r.attempt, r.scheduled, r.first, r.id, get(specs, r.inc) or ''}
end

-- bury deals with the runs of the nodes that have died.
local function bury()
  local orphans, holder = {}, {}
  for _, name in ipairs(call('ZRANGEBYSCORE', leases, '-inf', int(now))) do
    local key = base .. 'held:' .. name
    for _, n in ipairs(call('SMEMBERS', key)) do
      orphans[#orphans + 1] = n
      holder[n] = name
    end
    call('DEL', key)
    call('ZREM', leases, name)
    call('ZADD', dead, int(now), name)
    call('ZREMRANGEBYRANK', dead, 0, -100001)
    call('HDEL', claims, name)
    call('HDEL', lost, name)
  end
  table.sort(orphans, number)
  fetch(runs, orphans)
  local gone = {}
  for _, n in ipairs(orphans) do
    local r = run(n)
    if delivery(r.inc) == 'again' and call('SISMEMBER', deleted, r.inc) == 0 then
      loosen(n, r)
    else
      gone[#gone + 1] = told(n, r)
      record({job = r.id, outcome = 'lost', scheduled = r.scheduled, first = r.first, run = n, attempt = r.attempt,
        node = holder[n], reason = 'its scheduler has died; whether it was executed is unknown'})
      finish(n, r)
    end
  end
  write()
  if #gone > 0 then call('HSET', lost, node, seq .. ' ' .. cmsgpack.pack(gone)) end
  return gone
end

local more = false

-- looseRuns returns the runs that nobody holds and the caller can run.
local function looseRuns()
  local free = {}
  if call('HLEN', loose.key) == 0 then return free end
  for _, class in ipairs(fit) do
    for _, n in ipairs(call('ZRANGE', base .. 'free:' .. class, 0, -1)) do free[#free + 1] = n end
  end
  table.sort(free, number)
  return free
end

-- takeLoose hands them out.
local function takeLoose(free)
  local taken = {}
  local instance
  for _, n in ipairs(free) do
    local r = run(n)
    if #taken >= limit and r.instance ~= instance then
      more = true
      break
    end
    instance = r.instance
    tighten(n, r)
    put(held, n, 1)
    r.attempt, r.claim = int(r.attempt + 1), seq
    saveRun(n, r)
    taken[#taken + 1] = told(n, r)
  end
  return taken
end

-- retell returns the runs of the claim that is repeated.
local function retell()
  local mine, taken = call('SMEMBERS', held.key), {}
  table.sort(mine, number)
  for _, n in ipairs(mine) do
    local r = run(n)
    if r.claim == seq then taken[#taken + 1] = told(n, r) end
  end
  return taken
end

-- The steps that still fit what they were planned for.

local started = {}  -- of each step: -1 if it does not fit, else the number of its first run, or 0; then the run in its way
local startedRuns = 0

-- inTheWay returns the unfinished run that was claimed first, of those of a job ID.
local function inTheWay(text)
  local first = tonumber(string.match(text, '^;(%d+):'))
  if not first then return '0', '-' end
  local r
  repeat
    r = run(int(first))
    first = first + 1
  until r
  return int(first - 1), r.scheduled
end

local function skipped(s)
  if #s.skipped == 0 then return '0', '-' end
  local n, since = inTheWay(instances(s.id))
  local short = since == '-' and '0001-01-01T00:00:00Z' or string.gsub(since, '%.?0*Z$', 'Z')
  for i, t in ipairs(s.skipped) do
    record({job = s.id, outcome = 'skipped', scheduled = t, first = i == 1 and #s.runs == 0 and s.first or t, node = node,
      reason = 'MaxInstances is ' .. s.max .. ', and run ' .. n .. ', scheduled for ' .. short .. ', was unfinished'})
  end
  return n, since
end

local function start(s, j, text, first)
  local n = #s.runs
  if n == 0 then return '0' end
  local instance = int(first)
  setInstances(s.id, text .. instance .. ':' .. n .. ':' .. j.inc .. ';')
  for i, t in ipairs(s.runs) do
    local id = int(first + i - 1)
    saveRun(id, {inc = j.inc, instance = instance, attempt = '1', claim = seq, scheduled = t, first = i == 1 and s.first or t, id = s.id})
    put(held, id, 1)
  end
  startedRuns = startedRuns + n
  return instance
end

local wanted = 0
for _, s in ipairs(steps) do wanted = wanted + #s.runs end
local nextRun = wanted > 0 and unique('run', wanted) or 0

local planned = {}
for i, s in ipairs(steps) do planned[i] = s.id end
fetch(jobs, planned)
fetch(live, planned)
for _, s in ipairs(steps) do
  local j = job(s.id)
  local text = instances(s.id)
  if not j or j.version ~= s.version or j.waits or count(text) ~= tonumber(s.live) then
    started[#started + 1] = '-1'
  else
    local first = start(s, j, text, nextRun)
    nextRun = nextRun + #s.runs
    started[#started + 1] = first
    local n, since = skipped(s)
    if #s.skipped > 0 then
      started[#started + 1] = n
      started[#started + 1] = since
    end
    if s.becomes == 'ended' then
      bump(j)
      drop(s.id, j)
    else
      dequeue(s.id, j)
      bump(j)
      j.next = s.next
      j.waits = s.becomes == 'waits' and count(instances(s.id)) > 0
      save(s.id, j)
      enqueue(s.id, j)
      if j.next <= due and not skip[s.id] then
        skip[s.id] = '*'
        skips = skips + 1
      end
    end
  end
end
limit = limit - startedRuns

for _, p in ipairs(notes) do
  record({job = p[1], outcome = 'parked', scheduled = p[2], node = node, reason = p[3]})
end

local gone, taken = {}, {}
if repeated then
  local of, kept = string.match(call('HGET', lost, node) or '', '^(%d+) (.*)$')
  if of == seq then gone = cmsgpack.unpack(kept) end
  taken, limit = retell(), 0
elseif deal then
  gone = bury()
  taken = takeLoose(looseRuns())
  limit = limit - #taken
elseif round == 0 and (call('ZCOUNT', leases, '-inf', int(now)) > 0 or #looseRuns() > 0) then
  return 'runs'
end
write()
writeRecords()

-- What is due, merged from the classes that fit.

local function split(member) return string.sub(member, 1, 30), string.sub(member, 32) end

-- hidden tells whether a job is not to be planned, and whether its time counts.
local function hidden(id)
  local version = skip[id]
  if not version then return false, true end
  if version == '*' then return true, true end
  local same = versionOf(id) == version
  return same, not same
end

local nextTime
local queues = {}
local size = limit > 0 and page or 0
for _, class in ipairs(fit) do
  local key = base .. 'due:' .. class
  local ready
  for _, member in ipairs(call('ZRANGE', key, 0, skips)) do
    local t, id = split(member)
    local hides, counts = hidden(id)
    if counts and (not nextTime or t < nextTime) then nextTime = t end
    if not hides and t <= due then ready = true end
    if not hides then break end
  end
  if ready and size == 0 then more = true end
  if ready and size > 0 then
    local queue, at = {}, 0
    for _, member in ipairs(call('ZRANGEBYLEX', key, '-', '(' .. due .. '!', 'LIMIT', 0, size + skips)) do
      local t, id = split(member)
      if not hidden(id) then queue[#queue + 1] = {t, id} end
    end
    queue.at = 1
    queues[#queues + 1] = queue
  end
end

-- before compares IDs byte by byte, which Lua's < does not do in every locale.
local function before(a, b)
  if a[1] ~= b[1] then return a[1] < b[1] end
  for i = 1, math.min(#a[2], #b[2]) do
    local x, y = string.byte(a[2], i), string.byte(b[2], i)
    if x ~= y then return x < y end
  end
  return #a[2] < #b[2]
end

local names = {}
while #names < size do
  local best
  for _, q in ipairs(queues) do
    if q[q.at] and (not best or before(q[q.at], best[best.at])) then best = q end
  end
  if not best then break end
  names[#names + 1] = best[best.at][2]
  best.at = best.at + 1
end
fetch(jobs, names)
fetch(live, names)
local incs = {}
for i, id in ipairs(names) do incs[i] = incOf(id) end
fetch(specs, incs)
local plan = {}
for i, id in ipairs(names) do
  plan[#plan + 1] = id
  plan[#plan + 1] = get(jobs, id) or ''
  plan[#plan + 1] = get(specs, incs[i]) or ''
  plan[#plan + 1] = count(instances(id))
end

-- settingsOf returns the settings of the jobs that members of a due index name.
local function settingsOf(members)
  local names, incs, list = {}, {}, {}
  for i, member in ipairs(members) do names[i] = string.sub(member, 32) end
  fetch(jobs, names)
  for i, id in ipairs(names) do incs[i] = incOf(id) end
  fetch(specs, incs)
  for i, inc in ipairs(incs) do list[i] = get(specs, inc) end
  return list
end

-- What is due that the caller cannot run, and the number of the Put of each: of
-- each class as much as it is told of at once.
local strangers = {}
if deal or round == 0 and not repeated then
  for i, s in ipairs(strange) do
    local page = {}
    local members = call('ZRANGEBYLEX', base .. 'due:' .. s.class, s.after == '' and '-' or '(' .. s.after, '(' .. due .. '!', 'LIMIT', 0, 100)
    local settings = settingsOf(members)
    for k, member in ipairs(members) do
      page[#page + 1] = member
      page[#page + 1] = string.match(settings[k] or '', '^%d+') or ''
    end
    strangers[i] = page
  end
end

return {'OK', gone, taken, started, plan, strangers, nextTime or '-', more and 1 or 0}
