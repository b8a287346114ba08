import { compareProducts } from './buying/compare-products.ts'
import { draftInquiry } from './buying/draft-inquiry.ts'
import { estimateLandedCost } from './buying/estimate-landed-cost.ts'
import { exportOffers } from './buying/export-offers.ts'
import { sourceMany } from './buying/source-many.ts'
import { importOffers } from './catalogue/import-offers.ts'
import { syncCatalogue } from './catalogue/sync-catalogue.ts'
import type { Tool } from './define.ts'
import { getUsage } from './get-usage.ts'
import { getOfferCards } from './offer/get-offer-cards.ts'
import { getProductDetails } from './offer/get-product-details.ts'
import { getSupplier } from './offer/get-supplier.ts'
import { pickPhoto } from './search/pick-photo.ts'
import { searchByImage } from './search/search-by-image.ts'
import { searchByKeyword } from './search/search-by-keyword.ts'
import { searchPhoto } from './search/search-photo.ts'
import { checkWatched } from './watching/check-watched.ts'
import { watchOffers } from './watching/watch-offers.ts'

/** In the order in which agents see them. */
export const TOOLS: readonly Tool[] = [
  searchByImage,
  getProductDetails,
  searchByKeyword,
  pickPhoto,
  compareProducts,
  estimateLandedCost,
  getSupplier,
  sourceMany,
  exportOffers,
  draftInquiry,
  watchOffers,
  checkWatched,
  importOffers,
  syncCatalogue,
  getUsage,
  getOfferCards,
  searchPhoto,
]
