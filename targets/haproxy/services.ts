/** services.lua: the backend, in HAProxy itself. */
export const SERVICES = `
local runs = 0

local function answer(applet, body)
  applet:set_status(200)
  applet:add_header("Content-Type", "text/plain")
  applet:add_header("Content-Length", tostring(#body))
  applet:start_response()
  applet:send(body)
end

local services = {
  large = function(applet) answer(applet, string.rep("x", tonumber(applet.qs:match("%d+")))) end,
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
