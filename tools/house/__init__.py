"""The house style of our papers, as building blocks for drawing Word templates.

What enters are texts with template tags and lengths in points or millimetres; what leaves are pieces of
WordprocessingML as text, and at the end the bytes of a Word file. Nothing here knows one paper from another:
`look` measures and colours, `styles`, `blocks` paragraphs and tables, `signature`, `charts`, `package` the file.
"""
