"""Chinese typesetting: from the edition to set type, shared by every backend that shows pages.

galley.py slug.py anchors.py dates.py   the semantic XHTML that paper, e-reader and screen share
theme.py faces.py cascade.py            the look: themes, fonts, which face sets which character
characters.py kinsoku.py                classes of characters, where lines may not begin or end
flow.py paragraph.py measure.py         a paragraph over its inline boxes, in ems
figures.py addresses.py hyphens.py      where figures, addresses and words may be parted
breaker.py spacing.py edges.py          lines chosen for the whole paragraph, gaps, trimmed marks
justify.py                              what a line has too much or too little, shared out
headline.py                             headlines broken between phrases, never inside a name
stick.py composition.py textlayer.py    lines set; copied text kept equal to the source
linegrid.py notes.py                    pages: the grid, notes at the foot
placing.py earlier.py columns.py order.py   what does not fit on a page or in a column
hooks.py engine.py                      where WeasyPrint is entered; how it is loaded fast
"""
