import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** At blanks; a word that is wider than the line is cut between characters. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    for (const piece of piecesOf(word, width)) {
      const joined = line === '' ? piece : `${line} ${piece}`
      if (stringWidth(joined) <= width) line = joined
      else {
        lines.push(line)
        line = piece
      }
    }
  }
  return [...lines, line]
}

function piecesOf(word: string, width: number): string[] {
  if (stringWidth(word) <= width) return [word]
  const pieces = ['']
  for (const { segment } of graphemes.segment(word)) {
    const last = pieces.at(-1) ?? ''
    if (last !== '' && stringWidth(last + segment) > width) pieces.push(segment)
    else pieces[pieces.length - 1] = last + segment
  }
  return pieces
}
