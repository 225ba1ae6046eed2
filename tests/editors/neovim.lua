-- Drives a second Neovim by its keys: it is started with the configuration that editors/README.md shows, and nothing else.
-- nvim -l neovim.lua CONFIGURATION WORKSPACE

local configuration, workspace = arg[1], arg[2]
local file = workspace .. "/services/shop/service.idp"
-- How long anything may take, in milliseconds; less where nothing is to come.
local patience = tonumber(vim.env.PATIENCE or "20000")
local channel = vim.fn.jobstart(
  { vim.v.progpath, "--embed", "--headless", "-n", "-i", "NONE", "-u", configuration },
  { rpc = true, cwd = workspace }
)

local function input(keys) vim.rpcrequest(channel, "nvim_input", keys) end
local function lua(code, ...) return vim.rpcrequest(channel, "nvim_exec_lua", code, { ... }) end
local function command(text) vim.rpcrequest(channel, "nvim_command", text) end
local function text() return table.concat(vim.rpcrequest(channel, "nvim_buf_get_lines", 0, 0, -1, false), "\n") end
local function on_disk(path) return table.concat(vim.fn.readfile(workspace .. "/" .. path), "\n") end

local function stop(code)
  vim.fn.jobstop(channel)
  os.exit(code)
end

local function expect(what, holds)
  if not vim.wait(patience, holds, 50) then
    local found = vim.inspect(lua("return vim.tbl_map(function(d) return d.message end, vim.diagnostic.get())"))
    io.stderr:write("neovim: not ", what, "\n", text(), "\n", found, "\n")
    stop(1)
  end
  print("neovim: " .. what)
end

local function diagnostics() return lua("return #vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })") end

command("edit " .. file)
expect("a diagnostic appears", function() return diagnostics() == 1 end)
command([[%s/"many"/8080/]])
expect("it disappears", function() return diagnostics() == 0 end)

command("normal! G")
input("Omem<C-x><C-o>")
expect("completion is accepted", function() return text():find("\n%s*memory") end)
input("<C-y><Esc>")
command([[%s/^ *memory.*$/  memory = 512MiB/]])

command([[call search("payments")]])
lua([[vim.lsp.buf.rename("billing")]])
expect("a rename changes the file", function() return text():find("owner = billing", 1, true) end)
command("wall")
expect("and another one", function() return on_disk("platform/teams.idp"):find("team billing {", 1, true) end)
expect("and nothing is wrong then", function() return diagnostics() == 0 end)

command([[%s/port = 8080/port=8080/]])
lua("vim.lsp.buf.format()")
expect("formatting is applied", function() return text():find("\n  port +=  *8080") end)

command([[%s/port /prot /]])
expect("a misspelt field is found", function() return diagnostics() > 0 end)
command([[call search("prot")]])
lua([[vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title:find("`port`") ~= nil end })]])
expect("a code action is applied", function() return diagnostics() == 0 and not text():find("prot") end)
stop(0)
