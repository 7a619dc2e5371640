-- Load for wrk: GET with one of many bearer tokens, of which one in twenty is seen for the first time.
-- arguments: FILE of tokens that were seen, FILE of those that were not (or "-"), "once" to ask for each of the first in turn

local known, fresh = {}, {}
local next_known, next_fresh, is_once = 0, 0, false

local function read(name, into)
  if name == "-" then return end
  for line in io.lines(name) do
    into[#into + 1] = wrk.format("GET", "/v1/session", {
      ["Host"] = wrk.host .. ":" .. wrk.port,
      ["Accept"] = "application/json",
      ["Authorization"] = "Bearer " .. line,
    })
  end
end

function init(args)
  math.randomseed(4)
  read(args[1], known)
  read(args[2], fresh)
  is_once = args[3] == "once"
end

function request()
  if is_once then
    next_known = next_known % #known + 1
    return known[next_known]
  end
  if next_fresh < #fresh and math.random(20) == 1 then
    next_fresh = next_fresh + 1
    return fresh[next_fresh]
  end
  return known[math.random(#known)]
end

function done(summary, latency)
  io.write(string.format('{"requests":%d,"seconds":%f,"p50_us":%d,"p99_us":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
