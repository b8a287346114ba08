/**
 * An offer's photos are a list as JSON; their vectors and failures are dropped as soon as they are no longer in it, or the
 * first picture changes.
 */
const ADD_PHOTOS = `
  ALTER TABLE offers ADD COLUMN photos TEXT CHECK (json_valid(photos));
  CREATE INDEX offers_with_photos ON offers (last_seen_at) WHERE photos IS NOT NULL;
  CREATE TABLE photo_embeddings (
    offer INTEGER NOT NULL REFERENCES offers ON DELETE CASCADE,
    model TEXT NOT NULL,
    image_url TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (offer, model, image_url)
  ) STRICT;
  CREATE TABLE photo_failures (
    offer INTEGER NOT NULL REFERENCES offers ON DELETE CASCADE,
    model TEXT NOT NULL,
    image_url TEXT NOT NULL,
    failed_at INTEGER NOT NULL,
    PRIMARY KEY (offer, model, image_url)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER offers_other_photos AFTER UPDATE OF photos ON offers WHEN old.photos IS NOT new.photos BEGIN
    DELETE FROM photo_embeddings WHERE offer = new.id AND image_url NOT IN (SELECT value FROM json_each(new.photos));
    DELETE FROM photo_failures WHERE offer = new.id AND image_url NOT IN (SELECT value FROM json_each(new.photos));
  END;
  CREATE TRIGGER offers_new_picture_of_photos AFTER UPDATE OF image_url ON offers
  WHEN old.image_url IS NOT new.image_url BEGIN
    DELETE FROM photo_embeddings WHERE offer = new.id;
    DELETE FROM photo_failures WHERE offer = new.id;
  END;`

/** Why a picture could not be compared. */
const ADD_REASONS = `
  ALTER TABLE failures ADD COLUMN reason TEXT;
  ALTER TABLE photo_failures ADD COLUMN reason TEXT;`

/**
 * Migrations for `openSqlite`.
 *
 * - `state` is one row. `version` counts writing transactions and is stamped on every offer they change, so that an
 *   index in any process reads only what it has not seen. `removals` counts transactions that removed something, after
 *   which an index is rebuilt.
 * - IDs are never reused (AUTOINCREMENT), so a slightly old ranking cannot show another offer under an old ID.
 * - `words` is the title as keyword-search.ts needs it; triggers update the full-text table, which stores no text
 *   itself.
 * - Embeddings and failures belong to the picture: a trigger drops them when the offer's picture changes.
 * - Prices are stored as the double nearest to the seller's decimal, like a filter's, so comparisons are exact.
 */
export const CATALOGUE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE state (version INTEGER NOT NULL, removals INTEGER NOT NULL) STRICT;
  INSERT INTO state VALUES (0, 0);

  CREATE TABLE offers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    price_text TEXT,
    price_min REAL,
    price_max REAL,
    moq REAL,
    unit TEXT,
    shop_name TEXT,
    city TEXT,
    province TEXT,
    image_url TEXT,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (source, offer_id)
  ) STRICT;
  CREATE INDEX offers_by_version ON offers (version);
  CREATE INDEX offers_by_last_seen ON offers (last_seen_at);

  CREATE TABLE embeddings (
    offer INTEGER NOT NULL REFERENCES offers ON DELETE CASCADE,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (offer, model)
  ) STRICT;
  CREATE TABLE failures (
    offer INTEGER NOT NULL REFERENCES offers ON DELETE CASCADE,
    model TEXT NOT NULL,
    failed_at INTEGER NOT NULL,
    PRIMARY KEY (offer, model)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER offers_new_picture AFTER UPDATE OF image_url ON offers WHEN old.image_url IS NOT new.image_url BEGIN
    DELETE FROM embeddings WHERE offer = new.id;
    DELETE FROM failures WHERE offer = new.id;
  END;

  CREATE VIRTUAL TABLE offer_words USING fts5 (words, content = '', contentless_delete = 1);
  CREATE TRIGGER offers_new_words AFTER INSERT ON offers BEGIN
    INSERT INTO offer_words (rowid, words) VALUES (new.id, new.words);
  END;
  CREATE TRIGGER offers_other_words AFTER UPDATE OF words ON offers WHEN old.words <> new.words BEGIN
    DELETE FROM offer_words WHERE rowid = new.id;
    INSERT INTO offer_words (rowid, words) VALUES (new.id, new.words);
  END;
  CREATE TRIGGER offers_no_words AFTER DELETE ON offers BEGIN
    DELETE FROM offer_words WHERE rowid = old.id;
  END;

  CREATE TABLE mirrors (
    source TEXT PRIMARY KEY,
    pages_fetched INTEGER NOT NULL,
    total_found INTEGER,
    completed_at INTEGER
  ) STRICT;
  `,
  `
  ALTER TABLE offers ADD COLUMN facts TEXT;
  ALTER TABLE offers ADD COLUMN facts_seen_at INTEGER;
  `,
  `
  CREATE INDEX embeddings_by_model ON embeddings (model);
  `,
  ADD_PHOTOS,
  ADD_REASONS,
]

/**
 * Of own.db: offers as in the catalogue, then what else a user brings. Whatever is added to one list is not in the other
 * by itself, since each file counts its own steps.
 */
export const OWN_MIGRATIONS: readonly string[] = [
  ...CATALOGUE_MIGRATIONS.slice(0, 3),
  `
  CREATE TABLE observations (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    UNIQUE (source, offer_id, kind, first_at)
  ) STRICT;
  CREATE INDEX observations_by_last ON observations (last_at);
  CREATE TABLE watched (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    checked_at INTEGER,
    state TEXT CHECK (json_valid(state)),
    news TEXT CHECK (json_valid(news)),
    UNIQUE (owner, kind, target)
  ) STRICT;
  `,
  ADD_PHOTOS,
  ADD_REASONS,
]

/** The tables of own.db beside those of offers: history/ and its watch lists read and write them. */
export const OWN_TABLES = ['observations', 'watched'] as const
