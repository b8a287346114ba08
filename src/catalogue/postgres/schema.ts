import type { Postgres } from '../../store/postgres.ts'
import { nullableTextIn } from '../../store/row.ts'

/**
 * - `models` lists the embedders that have a vector of the offer's picture, so that counting and finding missing
 *   vectors read one table.
 * - `place` is source, province and city in one value, for comparison with a list.
 * - `words` is the title's words with their positions, made by words.ts; the server's parser never sees a title.
 * - Vectors have no fixed length because models differ; each large model gets a separate index (vector-indexes.ts).
 * - `picture` is the photo that a vector or failure is of; empty for the first picture.
 * - `changed` is the transaction that last wrote the offer or one of its vectors, for processes that keep the catalogue
 *   in memory (index-feed.ts); they start over when `mcp1688_removals` increases.
 * - As on SQLite, embeddings and failures belong to the picture and are deleted with it, and prices are the double
 *   nearest to the seller's decimal.
 */
export const POSTGRES_CATALOGUE_MIGRATIONS: readonly string[] = [
  `CREATE EXTENSION IF NOT EXISTS vector;
   CREATE TABLE mcp1688_offers (
     id bigserial PRIMARY KEY,
     source text COLLATE "C" NOT NULL,
     offer_id text COLLATE "C" NOT NULL,
     title text NOT NULL,
     words tsvector NOT NULL,
     price_text text,
     price_min double precision,
     price_max double precision,
     moq double precision,
     unit text,
     shop_name text,
     city text,
     province text,
     place text COLLATE "C" NOT NULL GENERATED ALWAYS AS (source || E'\\n' || coalesce(province, '') || E'\\n' || coalesce(city, '')) STORED,
     image_url text,
     models text[] NOT NULL DEFAULT '{}',
     first_seen_at double precision NOT NULL,
     last_seen_at double precision NOT NULL,
     changed xid8 NOT NULL DEFAULT pg_current_xact_id(),
     UNIQUE (source, offer_id)
   );
   CREATE INDEX mcp1688_offers_by_place ON mcp1688_offers (place, price_min);
   CREATE INDEX mcp1688_offers_by_last_seen ON mcp1688_offers (last_seen_at DESC, id DESC);
   CREATE INDEX mcp1688_offers_by_offer ON mcp1688_offers (offer_id);
   CREATE INDEX mcp1688_offers_by_words ON mcp1688_offers USING gin (words);
   CREATE TABLE mcp1688_embeddings (
     offer bigint NOT NULL REFERENCES mcp1688_offers ON DELETE CASCADE,
     model text NOT NULL,
     vector halfvec NOT NULL,
     PRIMARY KEY (offer, model)
   );
   CREATE TABLE mcp1688_failures (
     offer bigint NOT NULL REFERENCES mcp1688_offers ON DELETE CASCADE,
     model text NOT NULL,
     failed_at double precision NOT NULL,
     PRIMARY KEY (offer, model)
   );
   CREATE TABLE mcp1688_mirrors (
     source text PRIMARY KEY,
     pages_fetched integer NOT NULL,
     total_found integer,
     completed_at double precision
   );
   CREATE FUNCTION mcp1688_forget_picture() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     DELETE FROM mcp1688_embeddings WHERE offer = new.id;
     DELETE FROM mcp1688_failures WHERE offer = new.id;
     new.models = '{}';
     RETURN new;
   END $$;
   CREATE TRIGGER mcp1688_offers_new_picture BEFORE UPDATE OF image_url ON mcp1688_offers FOR EACH ROW
     WHEN (old.image_url IS DISTINCT FROM new.image_url) EXECUTE FUNCTION mcp1688_forget_picture();
   CREATE INDEX mcp1688_offers_by_change ON mcp1688_offers (changed, id);
   CREATE FUNCTION mcp1688_note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     new.changed = pg_current_xact_id();
     RETURN new;
   END $$;
   CREATE TRIGGER mcp1688_offers_changed BEFORE UPDATE ON mcp1688_offers FOR EACH ROW EXECUTE FUNCTION mcp1688_note_change();
   CREATE TABLE mcp1688_removals (happened bigint NOT NULL);
   INSERT INTO mcp1688_removals VALUES (0);
   CREATE FUNCTION mcp1688_note_removal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     UPDATE mcp1688_removals SET happened = happened + 1 WHERE EXISTS (SELECT 1 FROM gone);
     RETURN NULL;
   END $$;
   CREATE TRIGGER mcp1688_offers_removed AFTER DELETE ON mcp1688_offers REFERENCING OLD TABLE AS gone
     FOR EACH STATEMENT EXECUTE FUNCTION mcp1688_note_removal();`,
  `ALTER TABLE mcp1688_offers ADD COLUMN facts jsonb, ADD COLUMN facts_seen_at double precision;`,
  `CREATE INDEX mcp1688_embeddings_by_model ON mcp1688_embeddings (model);`,
  `ALTER TABLE mcp1688_offers ADD COLUMN photos jsonb;
   CREATE INDEX mcp1688_offers_with_photos ON mcp1688_offers (last_seen_at) WHERE photos IS NOT NULL;
   ALTER TABLE mcp1688_embeddings ADD COLUMN picture text COLLATE "C" NOT NULL DEFAULT '',
     DROP CONSTRAINT mcp1688_embeddings_pkey, ADD PRIMARY KEY (offer, model, picture);
   CREATE INDEX mcp1688_embeddings_of_photos ON mcp1688_embeddings (model) WHERE picture <> '';
   ALTER TABLE mcp1688_failures ADD COLUMN picture text COLLATE "C" NOT NULL DEFAULT '',
     DROP CONSTRAINT mcp1688_failures_pkey, ADD PRIMARY KEY (offer, model, picture);
   CREATE FUNCTION mcp1688_forget_photos() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     DELETE FROM mcp1688_embeddings WHERE offer = new.id AND picture <> '' AND NOT coalesce(new.photos, '[]') ? picture;
     DELETE FROM mcp1688_failures WHERE offer = new.id AND picture <> '' AND NOT coalesce(new.photos, '[]') ? picture;
     RETURN NULL;
   END $$;
   CREATE TRIGGER mcp1688_offers_other_photos AFTER UPDATE OF photos ON mcp1688_offers FOR EACH ROW
     WHEN (old.photos IS DISTINCT FROM new.photos) EXECUTE FUNCTION mcp1688_forget_photos();`,
  `ALTER TABLE mcp1688_failures ADD COLUMN reason text;`,
]

/** The first pgvector with iterative index scans, which continue while a filter drops results. */
const PGVECTOR_NEEDED = [0, 8] as const

/** Whether a sufficient pgvector is installed or can be created. */
export async function hasPgvector(postgres: Postgres): Promise<boolean> {
  const { query } = postgres.tables('catalogue check', [])
  const [row] = await query(
    `SELECT coalesce(installed_version, default_version) AS version FROM pg_available_extensions WHERE name = 'vector'`,
  )
  const version = row && nullableTextIn(row, 'version')
  const [major = 0, minor = 0] = (version ?? '0').split('.').map(Number)
  const [neededMajor, neededMinor] = PGVECTOR_NEEDED
  return major > neededMajor || (major === neededMajor && minor >= neededMinor)
}
