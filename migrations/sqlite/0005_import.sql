-- What an import has read, page by page: GitHub's mark of each, by which an unchanged one costs
-- nothing, and the link to the one after it.
CREATE TABLE imported_pages (
    repository BIGINT NOT NULL,
    path       TEXT   NOT NULL, -- repository | issues | comments | timeline:<number> | a link
    etag       TEXT,
    next       TEXT,
    since      BIGINT,          -- of the first page of comments: how far back they go
    PRIMARY KEY (repository, path)
) WITHOUT ROWID;

-- What was read and is not taken in yet. It is kept in the commit that notes its page, and erased in
-- the one that takes it in.
CREATE TABLE imported_texts (
    repository BIGINT NOT NULL,
    number     BIGINT NOT NULL, -- of the issue
    kind       TEXT   NOT NULL, -- issue | comment
    id         BIGINT NOT NULL,
    page       TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    PRIMARY KEY (repository, kind, number, id)
) WITHOUT ROWID;
