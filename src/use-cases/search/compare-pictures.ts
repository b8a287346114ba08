/** Compares offers with a picture, each with the model of its vector, and says in words how alike they are. */
import type { Catalogue, CatalogueHit, NearestQuery } from '../../catalogue/catalogue.ts'
import { offerKey, type Reference } from '../../catalogue/ranking/reference.ts'
import { LIKENESSES, type Likeness } from '../../offers/results/results.ts'
import type { Region } from '../../pictures/decoder/region.ts'
import type { Embedder } from '../../vision/embedder.ts'
import { isNothingAlike, likenessOf, sameThingCosine, similarityOf } from '../../vision/likeness.ts'

export interface QueryPicture {
  vectors: Int8Array[]
  /** Its vectors by the previous model; `null` if the embedder has none. */
  previousVectors: (() => Promise<Int8Array[]>) | null
  /** Where the separate things in it are; none if there is but one. */
  regions: readonly Region[]
  /** Offers that an upstream found for it, as by `offerKey`; added to by each search. */
  found: Set<string>
}

export interface Comparison {
  /** 0..1. */
  similarity: number
  likeness: Likeness | null
}

export interface ComparedOffer extends CatalogueHit, Comparison {}

export interface ComparedOffers {
  /** Most similar first, those that fit the filters before the others. */
  hits: ComparedOffer[]
  best: Likeness | null
  /** Whether the product is hardly ever among the offers. */
  isNothingAlike: boolean
  compared: number
  known: number
  fitting: number
  /** Those of `compared` that were compared by the previous model. */
  older: number
}

export interface ComparePicturesDeps {
  catalogue: Catalogue
  embedder: Embedder
}

const NOTHING_ELSE: Reference = { tenth: null, fiftieth: null, others: 0 }

type CatalogueQuery = Pick<NearestQuery, 'sources' | 'filters' | 'except' | 'limit'>

export function createComparePictures({ catalogue, embedder }: ComparePicturesDeps) {
  const nearestBy = async (model: string, vectors: Int8Array[], query: CatalogueQuery, found: ReadonlySet<string>) => {
    const reference = { sameThing: sameThingCosine(model), found }
    const result = await catalogue.nearest({ ...query, model, vectors, offset: 0, reference })
    return { ...result, model, reference: result.reference ?? NOTHING_ELSE }
  }

  /** `null` unless there are vectors of the previous model. */
  const previousViews = async ({ previousVectors }: QueryPicture) => {
    const { previous } = embedder
    if (!previous || !previousVectors || !(await catalogue.hasEmbeddings(previous.id))) return null
    return { model: previous.id, vectors: await previousVectors() }
  }

  return {
    /** @param fits whether an offer has every value that the filters need. */
    async nearest(
      picture: QueryPicture,
      query: CatalogueQuery,
      fits: (hit: CatalogueHit) => boolean,
    ): Promise<ComparedOffers> {
      const present = await nearestBy(embedder.id, picture.vectors, query, picture.found)
      const views = await previousViews(picture)
      const older = views && (await nearestBy(views.model, views.vectors, query, picture.found))
      const { known, fitting } = present
      const hits = older ? merge(present, older, fits) : compareHits(present)
      const compared = present.compared + (older?.compared ?? 0)
      return {
        hits,
        best: bestOf(older ? hits.map(({ likeness }) => likeness) : [likenessOfBest(present)]),
        isNothingAlike: isNothing(present) && (!older || isNothing(older)),
        compared: Math.min(compared, known),
        known,
        fitting,
        older: older?.compared ?? 0,
      }
    },

    /**
     * Compares what an upstream found; the rest of the catalogue is what an offer has to stand out from.
     * @returns comparisons by offer ID, without offers that have no vector.
     */
    async found(
      picture: QueryPicture,
      source: string,
      offerIds: readonly string[],
      sources: readonly string[],
    ): Promise<Map<string, Comparison>> {
      const comparisons = new Map<string, Comparison>()
      const compareBy = async (model: string, vectors: Int8Array[]) => {
        const cosines = await catalogue.similarities(source, offerIds, model, vectors)
        if (cosines.size === 0) return
        const { reference } = await nearestBy(model, vectors, { sources, filters: {}, limit: 1 }, picture.found)
        for (const [offerId, cosine] of cosines) comparisons.set(offerId, comparisonOf(cosine, model, reference))
      }
      for (const offerId of offerIds) picture.found.add(offerKey({ source, offerId }))
      const views = await previousViews(picture)
      if (views) await compareBy(views.model, views.vectors)
      await compareBy(embedder.id, picture.vectors)
      return comparisons
    },
  }
}

interface ModelResult {
  model: string
  hits: CatalogueHit[]
  bestCosine: number | null
  reference: Reference
}

function comparisonOf(cosine: number, model: string, reference: Reference): Comparison {
  return { similarity: similarityOf(cosine, model), likeness: likenessOf(cosine, model, reference) }
}

function compareHits({ hits, model, reference }: ModelResult): ComparedOffer[] {
  return hits.map(hit => ({ ...hit, ...comparisonOf(hit.cosine, model, reference) }))
}

/** An offer that both models know counts by the present one. */
function merge(present: ModelResult, older: ModelResult, fits: (hit: CatalogueHit) => boolean): ComparedOffer[] {
  const keyOf = ({ source, offer: { offerId } }: CatalogueHit) => offerKey({ source, offerId })
  const known = new Set(present.hits.map(keyOf))
  const others = compareHits(older).filter(hit => !known.has(keyOf(hit)))
  return [...compareHits(present), ...others].sort(
    (a, b) => Number(fits(b)) - Number(fits(a)) || b.similarity - a.similarity,
  )
}

function likenessOfBest({ bestCosine, model, reference }: ModelResult): Likeness | null {
  return bestCosine === null ? null : likenessOf(bestCosine, model, reference)
}

function isNothing({ bestCosine, model }: ModelResult): boolean {
  return bestCosine === null || isNothingAlike(bestCosine, model)
}

export function bestOf(likenesses: readonly (Likeness | null)[]): Likeness | null {
  return LIKENESSES.find(likeness => likenesses.includes(likeness)) ?? null
}
