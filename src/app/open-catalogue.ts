/** The catalogue for commands that work on it directly. */
import type { Catalogue, CatalogueStats } from '../catalogue/catalogue.ts'
import { createOwnedCatalogue, type OwnedCatalogue } from '../catalogue/owners.ts'
import type { ExchangeRates } from '../costs/rates/rates.ts'
import type { TakeRemarks } from '../offers/results/results.ts'
import { liftQuarantine } from '../pictures/decoder/quarantine/quarantine.ts'
import type { DropPictures } from '../use-cases/catalogue/drop-pictures.ts'
import type { Embedder } from '../vision/embedder.ts'

/** The catalogue as one owner sees it, with its counts for the current embedder. */
export interface OpenCatalogue {
  catalogue: OwnedCatalogue
  exchangeRates: ExchangeRates
  /** The embedder's ID. */
  model: string
  dropPictures: DropPictures
  stats(): Promise<CatalogueStats[]>
  takeRemarks: TakeRemarks
  /** Lets pictures be decoded again that ended a decoder. @returns how many. */
  liftQuarantine(): number
}

export interface OpenCatalogueDeps {
  catalogue: Catalogue
  embedder: Pick<Embedder, 'id'>
  exchangeRates: ExchangeRates
  takeRemarks: TakeRemarks
  dropPictures: DropPictures
  decoderDir: string
}

export function createOpenCatalogue(deps: OpenCatalogueDeps) {
  const { catalogue, embedder, exchangeRates, takeRemarks, dropPictures, decoderDir } = deps
  return (owner: string): OpenCatalogue => {
    const own = createOwnedCatalogue(catalogue, owner)
    return {
      catalogue: own,
      exchangeRates,
      model: embedder.id,
      dropPictures,
      stats: () => own.stats(embedder.id),
      takeRemarks,
      liftQuarantine: () => liftQuarantine(decoderDir),
    }
  }
}
