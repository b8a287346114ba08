import { copyCatalogue } from '../../../catalogue/copy.ts'
import { AppError } from '../../../errors.ts'
import type { CommandContext } from '../../command.ts'

/** Copies all offers and vectors; other offers in the target stay. */
export async function copy({ app, flags, signal, print, notify }: CommandContext): Promise<number> {
  const { from, to } = flags
  if (from === undefined || to === undefined || from === to) {
    throw new AppError({
      code: 'invalid_input',
      message: 'copy needs two different catalogues, --from and --to.',
      hint: 'Each is files (the data folder), store (the database of MCP1688_STORE), a folder or a postgres:// address.',
    })
  }
  const source = await app.openCatalogueAt(from, 'read')
  const target = await app.openCatalogueAt(to, 'write')
  try {
    let told = 0
    const count = await copyCatalogue(source.catalogue, target.catalogue, {
      signal,
      onProgress: ({ offers, embeddings }) => {
        if (offers + embeddings < told + 5_000) return
        told = offers + embeddings
        notify(`${offers} offers and ${embeddings} vectors so far`)
      },
    })
    print(
      flags.json === undefined
        ? `Copied ${count.offers} offers and ${count.embeddings} vectors.`
        : JSON.stringify({ offers: count.offers, embeddings: count.embeddings }),
    )
    return 0
  } finally {
    await source.close()
    await target.close()
  }
}
