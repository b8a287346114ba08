import { compareProducts } from './compare-products.ts'
import type { Tool } from './define.ts'
import { draftInquiry } from './draft-inquiry.ts'
import { getOfferCards } from './get-offer-cards.ts'
import { getProductDetails } from './get-product-details.ts'
import { getSupplier } from './get-supplier.ts'
import { getUsage } from './get-usage.ts'
import { searchByImage } from './search-by-image.ts'
import { searchByKeyword } from './search-by-keyword.ts'
import { syncCatalogue } from './sync-catalogue.ts'

/** In the order in which agents see them. */
export const TOOLS: readonly Tool[] = [
  searchByImage,
  getProductDetails,
  searchByKeyword,
  compareProducts,
  getSupplier,
  draftInquiry,
  syncCatalogue,
  getUsage,
  getOfferCards,
]
