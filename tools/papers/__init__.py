"""The wording and arrangement of each paper, drawn with the house style: one function a paper, a Word file's bytes."""
