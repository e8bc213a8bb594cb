-- job ("": any), before (0: any), from ("": the newest), how many records to look
-- at; returns the number of the oldest record that is to be told, and for a job
-- the number from which to go on ("-": there is no more), whether that is by the
-- chain, and what was found: numbers, and lists of fields and their values.

local id, before, from, left = arg(), tonumber(arg()), arg(), tonumber(arg())
if id == '' then return {int(oldest)} end

local first = call('XRANGE', history, '-', '+', 'COUNT', 1)[1]
first = first and tonumber(string.match(first[1], '%d+')) or math.huge
local chained = tonumber(call('HGET', meta, 'chained')) or math.huge

local function fields(number)
  local entry = call('XRANGE', history, number, number)[1]
  if not entry then return nil end
  local list = entry[2]
  local of = {}
  for i = 1, #list, 2 do of[list[i]] = list[i + 1] end
  return of, list
end

-- Who asks for another page goes on behind a record of the same chain.
local name, number = chainOf(id), from
if number == '' then
  local last = before > 0 and fields(int(before) .. '-0')
  number = last and chainOf(last.job) == name and last.before or get(chains, name) or '-'
end

local found = {}
while left > 0 and number ~= '-' and tonumber(number) >= math.max(first, oldest) do
  left = left - 1
  local of, list = fields(number .. '-0')
  if not of then break end
  if of.job == id and (before == 0 or tonumber(number) < before) then
    found[#found + 1] = number
    found[#found + 1] = list
  end
  number = of.before or '-'
end
if left == 0 and number ~= '-' then return {int(oldest), number, 1, found} end
if first < chained then return {int(oldest), chained < math.huge and int(chained) or '+', 0, found} end
return {int(oldest), '-', 0, found}
