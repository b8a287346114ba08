/** Writes compared offers to a file, as the command line does. */

import { asAppError, throwIfAborted } from '../../errors.ts'
import type { ExportFormat } from '../../exports/export-folder.ts'
import type { Exports } from '../../exports/exports.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { ExportResult } from '../../offers/results/export-result.ts'
import { addsToGoods, type LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import type { OfferCard, OfferPreview } from '../../offers/results/results.ts'
import { thumbnailsOf } from '../../offers/results/thumbnails.ts'
import type { DrawnPicture, ThumbnailType } from '../../pictures/decoder/messages.ts'
import type { DecoderPool } from '../../pictures/decoder/pool.ts'
import type { RecentPictures } from '../../pictures/recent-pictures.ts'
import type { Language } from '../../shape/report/language.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { version } from '../../version.ts'
import type { CardsRequest } from '../offer/get-cards.ts'
import type { PreviewRequest } from '../offer/get-previews.ts'
import type { CompareRequest } from './compare-offers.ts'
import type { CostArguments } from './cost-terms.ts'
import type { EstimateRequest } from './estimate-landed-cost.ts'
import { csvOfOffers, type OffersToFile, pageOfOffers, xlsxOfOffers } from './offer-files.ts'

/** Longer side in pixels: a page shows it about 240 wide, a sheet 80 high. */
const PHOTO_SIDE = 320

export interface ExportRequest {
  /** IDs, links or share texts. */
  references: readonly string[]
  format: ExportFormat
  language: Language
  quantity: number | null
  variant: string | null
  /** Beside CNY. */
  currency?: string | undefined
  /** For landed costs, which are left out where neither these nor the settings name any; `null` for those of the settings. */
  rates: CostArguments | null
  /** What the file's address begins with; `null` for a file on this computer. */
  origin: string | null
  /** Bytes that the caller's account may have in files; `null` without a limit. */
  mostBytes: number | null
  /** Price the export without making it. */
  dryRun: boolean
}

export interface ExportDeps {
  exports: Exports
  compareOffers: (request: CompareRequest, call: CallOptions) => Promise<CompareResult>
  estimateLandedCost: (request: EstimateRequest, call: CallOptions) => Promise<LandedCostResult>
  getPreviews: (request: PreviewRequest, call: CallOptions) => Promise<OfferPreview[]>
  getCards: (request: CardsRequest, call: CallOptions) => Promise<OfferCard[]>
  recentPictures: RecentPictures
  decoder: DecoderPool
  now: () => number
}

export function createExportOffers(deps: ExportDeps) {
  const { exports, compareOffers, estimateLandedCost, getPreviews, getCards, recentPictures, decoder, now } = deps

  return async function exportOffers(request: ExportRequest, call: CallOptions): Promise<ExportResult> {
    const { references, format, language, quantity, variant, currency, rates, dryRun } = request
    const order = { references, dryRun, currency }
    const wishes = { quantity, variant, maxMoq: null, maxUnitPrice: null }
    if (!dryRun) await exports.checkRoom(request)
    // Rates that cannot be meant are refused before anything is spent.
    const plan = { references, quantity, variant, warehouse: null, destination: null, rates: rates ?? { currency } }
    if (rates) await estimateLandedCost({ ...plan, dryRun: true }, call)
    const compared = await compareOffers({ ...order, wishes }, call)
    const landed = dryRun ? null : await landedCosts(plan, rates, call)
    const { source, credits, remarks, cost } = compared
    const common = { cost, failed: compared.failures.length, hasLandedCost: landed !== null, source, credits, remarks }
    if (dryRun) return { ...common, file: null, offers: 0, pictures: 0 }
    const { bytes, pictures } = await write({ compared, landed }, { format, language }, call)
    const file = await exports.save(format, bytes, request)
    return { ...common, file, offers: compared.offers.length, pictures }
  }

  /** The offers have just been read, so this costs nothing more. `null` where no costs are known. */
  async function landedCosts(
    plan: Omit<EstimateRequest, 'dryRun'>,
    rates: CostArguments | null,
    call: CallOptions,
  ): Promise<LandedCostResult | null> {
    try {
      const estimate = await estimateLandedCost({ ...plan, dryRun: false, maxCredits: 0 }, call)
      return rates || addsToGoods(estimate) ? estimate : null
    } catch (thrown) {
      throwIfAborted(call.signal, thrown)
      // Settings that cannot be used keep nobody from a sheet that did not ask for them.
      if (rates || asAppError(thrown).code === 'internal') throw thrown
      return null
    }
  }

  async function write(
    offers: OffersToFile,
    { format, language }: Pick<ExportRequest, 'format' | 'language'>,
    call: CallOptions,
  ): Promise<{ bytes: Uint8Array; pictures: number }> {
    const offerIds = offers.compared.offers.map(({ details }) => details.offerId)
    if (format === 'csv') return { bytes: Buffer.from(await csvOfOffers(offers)), pictures: 0 }
    const made = { language, madeAt: now(), version }
    if (format === 'xlsx') {
      const [pictures, queryPicture] = await Promise.all([
        getPreviews({ offerIds, mediaType: 'image/jpeg', patienceMs: CALL_BUDGET.thumbnails.callerMs }, call),
        photoThatFound(offerIds, 'image/jpeg', call),
      ])
      return { bytes: await xlsxOfOffers(offers, pictures, { ...made, queryPicture }), pictures: pictures.length }
    }
    const [cards, photo] = await Promise.all([
      getCards({ offerIds, withThumbnails: true }, call),
      photoThatFound(offerIds, 'image/webp', call),
    ])
    const thumbnails = thumbnailsOf(cards)
    const page = pageOfOffers(offers, { ...made, thumbnails, queryPicture: photo?.bytes ?? null })
    return { bytes: Buffer.from(page), pictures: thumbnails.size }
  }

  /** `null` unless one search by a photo has just found them all. */
  async function photoThatFound(
    offerIds: readonly string[],
    mediaType: ThumbnailType,
    { signal }: CallOptions,
  ): Promise<DrawnPicture | null> {
    const photo = recentPictures.thatFound(offerIds)
    if (photo === null) return null
    const work = { owner: 'caller' as const, signal }
    try {
      return await decoder.convert(await decoder.thumbnail(photo.bytes, PHOTO_SIDE, work), mediaType, work)
    } catch (thrown) {
      throwIfAborted(signal, thrown)
      if (asAppError(thrown).code === 'internal') throw thrown
      return null
    }
  }
}
