/** What was searched by, as a reply names it in English (pictures/reader.ts): a file's name and an address stay. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(\d+) photos: /, '$1 张照片：'],
  [/\bpicture from the clipboard\b/g, '剪贴板中的图片'],
  [/\bphoto from the chat\b/g, '聊天中的照片'],
  [/\buploaded picture\b/g, '上传的图片'],
  [/\bpicked photo\b/g, '所选照片'],
  [/\bpicture of offer (\d+), "([^"]*)"/g, '商品 $1“$2”的图片'],
  [/\bmain picture of ([^\s,]+)(?:, "([^"]*)")?/g, '$1 的主图'],
  [/, region (?=[\d.,]+$)/, '，区域 '],
]

export function queryZh(query: string): string {
  return NAMES.reduce((text, [name, zh]) => text.replace(name, zh), query)
}
