import { type CopyCount, copyCatalogue } from '../../../catalogue/copy.ts'
import { invalidInput } from '../../../errors.ts'
import { counted } from '../../../shape/text/values.ts'
import type { CommandContext } from '../../command.ts'

/** Offers and vectors between two lines of progress. */
const REPORT_EVERY = 5_000

/** Copies all offers and vectors; other offers in the target stay. */
export async function copy({ app, flags, signal, print, notify }: CommandContext): Promise<number> {
  const { from, to } = flags
  if (from === undefined || to === undefined || from === to) {
    throw invalidInput(
      'copy needs two different catalogues, --from and --to.',
      'Each is files (the data folder), store (the database of MCP1688_STORE), a folder or a postgres:// address.',
    )
  }
  const source = await app.openCatalogueAt(from, 'read')
  const target = await app.openCatalogueAt(to, 'write')
  try {
    await target.catalogue.checkKept()
    let reported = 0
    const count = await copyCatalogue(source.catalogue, target.catalogue, {
      signal,
      onProgress: ({ offers, embeddings }) => {
        if (offers + embeddings < reported + REPORT_EVERY) return
        reported = offers + embeddings
        notify(`${copied({ offers, embeddings })} so far`)
      },
    })
    print(
      flags.json === undefined
        ? `Copied ${copied(count)}.`
        : JSON.stringify({ offers: count.offers, embeddings: count.embeddings }),
    )
    return 0
  } finally {
    await source.close()
    await target.close()
  }
}

function copied({ offers, embeddings }: CopyCount): string {
  return `${counted(offers, 'offer')} and ${counted(embeddings, 'vector')}`
}
