-- The words of every document, for full text. `text_index.py` makes and keeps it, after the commits of those who change documents.
-- Only which node has a word is kept: where it has it is looked up in the documents, for a third of the size.
CREATE VIRTUAL TABLE words USING fts5(
  words_of_doc,
  content = '',
  contentless_delete = 1,
  detail = none,
  tokenize = "ascii tokenchars '!""#$%&''()*+,;<=>?[\]^`{|}~'"
);

-- How far it is. Nodes up to `nid` are in it as they were at `seq` of `hist` or later; what later rows tell of is not known to it yet.
CREATE TABLE indexed (
  seq  INTEGER NOT NULL,
  nid  INTEGER NOT NULL,
  part INTEGER NOT NULL
);
-- `part`: of the row after `seq`, nodes up to this one are done.
INSERT INTO indexed SELECT coalesce(max(seq), 0), iif(EXISTS (SELECT 1 FROM doc), 0, 1 << 62), 0 FROM hist;
