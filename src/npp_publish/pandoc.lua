-- What happens inside the one pandoc process of a document (see pandoc.py).
--
-- A document arrives as pandoc's JSON and leaves as frames: a decimal byte count, a newline, that
-- many bytes. The job is named in the metadata, so that one script serves all of them:
--   press   blocks -> Markdown, and the JSON of reading that Markdown back
--   proof   the text of one code block, read as Markdown -> JSON
--   galley  blocks of any format -> lines of plain text with heading marks

local off, on = false, true

-- The dialect of edition.md. `smart` would turn curly quotes into straight ones; `citations`,
-- `example_lists` and `fancy_lists` would read names, numbers and "A. Smith" as markup; metadata
-- is not pandoc's business here, because a `---` or `%` line of the text must stay text, and two
-- rules with text between them are no multiline table.
local extensions = {
  smart = off, citations = off, auto_identifiers = off, implicit_header_references = off,
  example_lists = off, fancy_lists = off, task_lists = off, latex_macros = off, raw_tex = off,
  multiline_tables = off, pandoc_title_block = off, yaml_metadata_block = off, abbreviations = off,
  all_symbols_escapable = on, definition_lists = on, fenced_divs = on, bracketed_spans = on,
}
local reading = {format = 'markdown', extensions = extensions}

-- Tables are written as pipe tables only: the others align by columns, which Han text, zero-width
-- and combining characters upset.
local writing = {format = 'markdown', extensions = {}}
for name, value in pairs(extensions) do writing.extensions[name] = value end
for _, name in ipairs {'simple_tables', 'grid_tables'} do
  writing.extensions[name] = off
end

local function frame(text) return #text .. '\n' .. text end

-- Documents are handed on whole: looking into one copies it into Lua, which takes as long as writing.
local function json(doc) return pandoc.write(doc, 'json') end

-- pandoc writes fences the longer the more blocks they hold; three colons, and one more for each
-- level inside, are enough to see what belongs together. A line of text never starts with `:`.
local function shorten(text)
  local rows, open, code = {}, {}, nil
  for row in (text .. '\n'):gmatch('(.-)\n') do
    rows[#rows + 1] = row
    local ticks = row:match('^(```+)')
    if code then
      if ticks and #ticks >= #code and row == ticks then code = nil end
    elseif ticks then code = ticks
    elseif row:match('^:::+ .') then open[#open + 1] = {at = #rows, height = 3}
    elseif row:match('^:::+$') and #open > 0 then
      local mine = table.remove(open)
      local colons = string.rep(':', mine.height)
      rows[mine.at] = rows[mine.at]:gsub('^:+', colons)
      rows[#rows] = colons
      local outer = open[#open]
      if outer then outer.height = math.max(outer.height, mine.height + 1) end
    end
  end
  return table.concat(rows, '\n')
end

local function press(doc)
  local text = pandoc.write(doc, writing,
    {wrap_text = 'none', reference_location = 'block'}):gsub('\n*$', '')
  text = shorten(text)
  return frame(text) .. frame(json(pandoc.read(text, reading, nil, {})))
end

local function proof(doc)
  return frame(json(pandoc.read(doc.blocks[1].text, reading, nil, {})))
end

-- Inline markup of a word processor means nothing to a page of text: the words stay.
local unwrap = function(element) return element.content end
local bare = {
  Emph = unwrap, Strong = unwrap, Underline = unwrap, SmallCaps = unwrap, Span = unwrap,
  Link = unwrap, Superscript = unwrap, Subscript = unwrap, Strikeout = unwrap,
}

-- A row of a table is a line, its cells are parted by tabs.
local function rows(block)
  local out = {}
  local function add(list)
    for _, row in ipairs(list) do
      local cells = {}
      for _, cell in ipairs(row.cells) do
        cells[#cells + 1] = pandoc.utils.stringify(cell.contents)
      end
      out[#out + 1] = table.concat(cells, '\t')
    end
  end
  add(block.head.rows)
  for _, body in ipairs(block.bodies) do add(body.head); add(body.body) end
  add(block.foot.rows)
  return table.concat(out, '\n')
end

local function lines(blocks)
  local text = pandoc.write(pandoc.Pandoc(blocks):walk(bare), {format = 'plain',
    extensions = {smart = off}}, {wrap_text = 'none'})
  return (text:gsub('\n+$', ''))
end

local function galley(doc, meta)
  local out = {}
  for _, name in ipairs {'title', 'subtitle', 'author', 'date', 'abstract'} do
    local text = meta[name] and pandoc.utils.stringify(meta[name]) or ''
    if text ~= '' then out[#out + 1] = (name == 'title' and '# ' or '') .. text end
  end
  local title = out[1]
  local function set(blocks)
    for _, block in ipairs(blocks) do
      local text = ''
      if block.t == 'Div' then set(block.content)
      elseif block.t == 'Figure' then set(block.content); set(block.caption.long)
      elseif block.t == 'Table' then
        text = pandoc.utils.stringify(block.caption.long)
        if text ~= '' then out[#out + 1] = text end
        text = rows(block)
      elseif block.t == 'Header' then
        text = string.rep('#', block.level) .. ' ' .. lines({block}):gsub('\n', ' ')
        if text == title then text = '' end
      else text = lines {block} end
      if text ~= '' then out[#out + 1] = text end
    end
  end
  set(doc.blocks:walk {Image = function() return {} end})  -- what stands for a picture is no print
  return frame(table.concat(out, '\n\n') .. '\n')
end

function Writer(doc, options)
  local job = options.variables['job']
  job = job and tostring(job) or 'galley'
  if job == 'press' then return press(doc) end
  if job == 'proof' then return proof(doc) end
  return galley(doc, doc.meta)
end

-- A process that prints many documents keeps this one (`pandoc lua pandoc.lua stay`): starting takes
-- four times as long as the work on a page. In and out: frames; a job's name, then its JSON. Readers
-- run in pandoc's sandbox here too (their last argument); what fails is answered with an empty frame
-- and asked again of a process of its own, which says why.
local function stay()
  local function take()
    local size = io.read('l')
    return size and io.read(tonumber(size))
  end
  for job in take do
    local data = take()
    local ok, answer = pcall(function()
      return (job == 'press' and press or proof)(pandoc.read(data, 'json', nil, {}))
    end)
    io.write(frame(ok and answer or ''))
    io.flush()
  end
end

if arg and arg[1] == 'stay' then stay() end
