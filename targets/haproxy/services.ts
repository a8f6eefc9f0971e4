/** services.lua: the backend, in HAProxy itself. */
export const SERVICES = `
local runs = 0

local function begin(applet, length)
  applet:set_status(200)
  applet:add_header("Content-Type", "text/plain")
  applet:add_header("Content-Length", tostring(length))
  applet:start_response()
end

local function answer(applet, body)
  begin(applet, #body)
  applet:send(body)
end

local piece = string.rep("x", 64 * 1024)

local services = {
  -- In pieces: a string of that size would be garbage each time.
  large = function(applet)
    local length = tonumber(applet.qs:match("%d+"))
    begin(applet, length)
    for _ = 1, length // #piece do applet:send(piece) end
  end,
  slow = function(applet)
    core.msleep(1000)
    answer(applet, "slow\\n")
  end,
  upload = function(applet) answer(applet, #applet:receive() .. "\\n") end,
  run = function(applet)
    applet:receive()
    runs = runs + 1
    answer(applet, "run\\n")
  end,
  runs = function(applet) answer(applet, runs .. "\\n") end,
}

for name, service in pairs(services) do
  core.register_service(name, "http", service)
end
`;
