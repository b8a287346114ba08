/** Names the pictures that could not be compared by the rows of the sheet that they came with. */
import type { FailedPicture } from '../../catalogue/catalogue.ts'
import type { OwnImports } from '../../catalogue/owners.ts'
import { pictureName } from '../../offers/picture-name.ts'
import type { RowProblem } from '../../offers/results/import-result.ts'
import { cleanText, FIELD_MAX_CHARS } from '../../offers/text.ts'

/** As many offers as an account has by default. */
const MAX_FAILURES = 10_000

/** @param lines of imported offers, by ID. */
export async function failedByRow(
  imports: Pick<OwnImports, 'listFailures'>,
  model: string,
  lines: ReadonlyMap<string, number>,
): Promise<RowProblem[]> {
  const failed = await imports.listFailures(model, MAX_FAILURES)
  return failed
    .flatMap(picture => {
      const line = lines.get(picture.offerId)
      return line === undefined ? [] : [{ line, reason: failureText(picture) }]
    })
    .toSorted((a, b) => a.line - b.line)
}

export function failureText({ imageUrl, reason }: Pick<FailedPicture, 'imageUrl' | 'reason'>): string {
  const name = cleanText(pictureName(imageUrl), FIELD_MAX_CHARS) ?? ''
  return `Picture ${name} cannot be compared: ${reason ?? 'it could not be read.'}`
}
