/** The words of the photo picker, in English and Chinese. */
import { isChinese } from '../parts/locale.ts'

const EN = {
  title: 'Send a product photo',
  search: 'Search 1688 with a photo',
  intro: 'Drop, paste or choose a photo of the product, or take one.',
  goesTo: (server: string, key?: string) =>
    `The photo goes to mcp-1688 at ${server}${key === undefined ? '' : `, for the key “${key}”`}.`,
  choose: 'Choose a photo',
  camera: 'Take a photo',
  turn: 'Turn',
  whole: 'Whole photo',
  cropHint: 'Only what is in the box is searched for: drag it, or draw another.',
  crop: 'Part of the photo to search with. Arrow keys move it, with Shift they resize it.',
  another: 'Another photo',
  add: 'Add another view',
  kept: 'Photos of the same product',
  remove: 'Remove this photo',
  send: 'Find it',
  sending: 'Sending…',
  unseen: (name: string) => `This browser cannot show ${name}; it is sent as it is.`,
  preview: 'The photo that will be sent',
  sent: 'The photo was sent. Go back to the chat; you can close this page.',
  notAPicture: 'This is not a picture.',
  tooLarge: (megabytes: number) => `The picture is larger than ${megabytes} MB.`,
  gone: 'This page was used or has expired. Ask for a new address in the chat.',
  failed: 'The photo could not be sent. Try again.',
}

export type PickerLabels = typeof EN

const ZH: PickerLabels = {
  title: '发送商品照片',
  search: '用照片搜索 1688',
  intro: '拖入、粘贴或选择商品照片，也可以拍一张。',
  goesTo: (server, key) => `照片将发送到 ${server} 的 mcp-1688${key === undefined ? '' : `，归入密钥“${key}”`}。`,
  choose: '选择照片',
  camera: '拍照',
  turn: '旋转',
  whole: '整张照片',
  cropHint: '只用框内部分查找：可拖动边框，或重新框选。',
  crop: '用于查找的部分。方向键移动，按住 Shift 改变大小。',
  another: '换一张',
  add: '再加一张同款照片',
  kept: '同一商品的照片',
  remove: '移除这张照片',
  send: '查找',
  sending: '正在发送…',
  unseen: name => `此浏览器无法显示 ${name}，将原样发送。`,
  preview: '将要发送的照片',
  sent: '照片已发送。请回到聊天窗口，本页可以关闭。',
  notAPicture: '这不是图片。',
  tooLarge: megabytes => `图片超过 ${megabytes} MB。`,
  gone: '本页已使用或已过期。请在聊天中获取新的地址。',
  failed: '照片未能发送，请重试。',
}

/** @param locale a language tag; English if it is not Chinese. */
export function pickerLabelsOf(locale: string): PickerLabels {
  return isChinese(locale) ? ZH : EN
}
