-- The load for wrk: of ten requests one is a POST, one a PUT with the last entity-tag that the
-- thread has seen, and eight are conditional GETs. In the end it prints each status.

local threads = {}

function setup(thread)
	table.insert(threads, thread)
end

function init()
	sent, tag, count, statuses = 0, nil, 0, {}
end

local json = { ["Content-Type"] = "application/json" }

function request()
	sent = sent + 1
	if sent % 10 == 1 then
		return wrk.format("POST", "/notes", json, '{"text": "a note"}')
	end
	if sent % 10 == 2 and tag then
		return wrk.format("PUT", "/counter", { ["Content-Type"] = "application/json", ["If-Match"] = tag }, string.format('{"count": %d}', count + 1))
	end
	return wrk.format("GET", "/counter", { ["If-None-Match"] = sent % 10 < 8 and tag or nil })
end

function response(status, headers, body)
	statuses[status] = (statuses[status] or 0) + 1
	local found = string.match(body, '^{"count":(%d+),"version"')
	if found then
		count, tag = tonumber(found), headers["ETag"] or headers["Etag"]
	end
end

function done(summary, latency, requests)
	local all = {}
	for _, thread in ipairs(threads) do
		for status, n in pairs(thread:get("statuses")) do
			all[status] = (all[status] or 0) + n
		end
	end
	local names = {}
	for status in pairs(all) do table.insert(names, status) end
	table.sort(names)
	for _, status in ipairs(names) do
		print(string.format("%d: %d", status, all[status]))
	end
	local e = summary.errors
	print(string.format("connections that failed: %d to connect, %d to read, %d to write, %d timed out", e.connect, e.read, e.write, e.timeout))
end
