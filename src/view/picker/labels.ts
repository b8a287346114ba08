/** The words of the photo picker, in English and Chinese. */
import { isChinese } from '../parts/labels.ts'

const EN = {
  title: 'Send a product photo',
  intro: 'Drop, paste or choose a photo of the product, or take one.',
  goesTo: (server: string) => `The photo goes to ${server}.`,
  choose: 'Choose a photo',
  camera: 'Take a photo',
  turn: 'Turn',
  whole: 'Whole photo',
  cropHint: 'Drag over the photo to keep only the product.',
  another: 'Another photo',
  send: 'Find it',
  sending: 'Sending…',
  unseen: (name: string) => `This browser cannot show ${name}; it is sent as it is.`,
  preview: 'The photo that will be sent',
  sent: 'The photo was sent. Go back to the chat; you can close this page.',
  notAPicture: 'This is not a picture.',
  tooLarge: 'The picture is larger than 25 MB.',
  gone: 'This page was used or has expired. Ask for a new address in the chat.',
  failed: 'The photo could not be sent. Try again.',
}

export type PickerLabels = typeof EN

const ZH: PickerLabels = {
  title: '发送商品照片',
  intro: '拖入、粘贴或选择商品照片，也可以拍一张。',
  goesTo: server => `照片将发送到 ${server}。`,
  choose: '选择照片',
  camera: '拍照',
  turn: '旋转',
  whole: '整张照片',
  cropHint: '在照片上拖动，只保留商品部分。',
  another: '换一张',
  send: '查找',
  sending: '正在发送…',
  unseen: name => `此浏览器无法显示 ${name}，将原样发送。`,
  preview: '将要发送的照片',
  sent: '照片已发送。请回到聊天窗口，本页可以关闭。',
  notAPicture: '这不是图片。',
  tooLarge: '图片超过 25 MB。',
  gone: '本页已使用或已过期。请在聊天中获取新的地址。',
  failed: '照片未能发送，请重试。',
}

/** @param locale a language tag; English if it is not Chinese. */
export function pickerLabelsOf(locale: string): PickerLabels {
  return isChinese(locale) ? ZH : EN
}
