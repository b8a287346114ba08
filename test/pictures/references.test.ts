import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPictureReader } from '../../src/pictures/reader.ts'
import { parseReference } from '../../src/pictures/reference/reference.ts'
import { TINY_PNG } from '../support/picture-server.ts'

const SCREENSHOT = 'Screenshot 2026-11-28 at 9.41.05\u202fAM.jpg'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'references-'))
  await mkdir(join(home, 'my photos'))
  await mkdir(join(home, 'cafe\u0301'))
  const names = [
    'photo.jpg',
    'photo #1?.jpg',
    '100%.jpg',
    'my%20own.jpg',
    '@tagged.jpg',
    "it's.jpg",
    join('my photos', 'IMG 0001 (1).jpg'),
    SCREENSHOT,
    'cafe\u0301 photo.jpg',
    join('cafe\u0301', 'a\u00a0b.jpg'),
    'John’s mug – blue.jpg',
    'two\u00a0alike.jpg',
    'two\u202falike.jpg',
  ]
  for (const name of names) await writeFile(join(home, name), TINY_PNG)
})
afterAll(() => rm(home, { recursive: true }))

const read = (reference: string, allowFiles = true) =>
  createPictureReader({ sampleDir: home, allowFiles, homeDir: home }).read(reference)

describe('a path', () => {
  it.each([
    ['~/photo.jpg', 'photo.jpg'],
    [`"~/photo.jpg"`, 'photo.jpg'],
    ['HOME/photo.jpg', 'photo.jpg'],
    ['"HOME/photo.jpg"', 'photo.jpg'],
    ["'HOME/photo.jpg'", 'photo.jpg'],
    ['`HOME/photo.jpg`', 'photo.jpg'],
    ['“HOME/photo.jpg”', 'photo.jpg'],
    ['\\"HOME/photo.jpg\\"', 'photo.jpg'],
    ['```\nHOME/photo.jpg\n```', 'photo.jpg'],
    ['<HOME/photo.jpg>', 'photo.jpg'],
    ['\u202aHOME/photo.jpg\n', 'photo.jpg'],
    ['@HOME/photo.jpg', 'photo.jpg'],
    ['Path: HOME/photo.jpg', 'photo.jpg'],
    ['["HOME/photo.jpg"]', 'photo.jpg'],
    ['{"path": "HOME/photo.jpg"}', 'photo.jpg'],
    ['[photo.jpg](HOME/photo.jpg)', 'photo.jpg'],
    ['sandbox:HOME/photo.jpg', 'photo.jpg'],
    ['file:HOME/photo.jpg', 'photo.jpg'],
    ['file://~/photo.jpg', 'photo.jpg'],
    ['file://localhostHOME/photo.jpg', 'photo.jpg'],
    ['file://HOME/photo #1?.jpg', 'photo #1?.jpg'],
    ['file://HOME/100%.jpg', '100%.jpg'],
    ['file://HOME/my%20photos/IMG%200001%20(1).jpg', 'IMG 0001 (1).jpg'],
    ['HOME/my\\ photos/IMG\\ 0001\\ \\(1\\).jpg', 'IMG 0001 (1).jpg'],
    ['HOME/my%20photos/IMG%200001%20(1).jpg', 'IMG 0001 (1).jpg'],
    ['![mug](<HOME/my photos/IMG 0001 (1).jpg> "the mug")', 'IMG 0001 (1).jpg'],
    ["'HOME/it'\\''s.jpg'", "it's.jpg"],
    ['HOME/my%20own.jpg', 'my%20own.jpg'],
    ['HOME/@tagged.jpg', '@tagged.jpg'],
    ['HOME/Screenshot 2026-11-28 at 9.41.05 AM.jpg', SCREENSHOT],
    ['HOME/Screenshot\\ 2026-11-28\\ at\\ 9.41.05\\ AM.jpg', SCREENSHOT],
    ['HOME/caf\u00e9 photo.jpg', 'cafe\u0301 photo.jpg'],
    ['HOME/caf\u00e9/a b.jpg', 'a\u00a0b.jpg'],
    ["HOME/John's mug - blue.jpg", 'John’s mug – blue.jpg'],
  ])('as %j is read', async (reference, file) => {
    const { bytes, label } = await read(reference.replace('HOME', home))
    expect(Buffer.from(bytes)).toEqual(TINY_PNG)
    // A label has no format characters, but it has blanks of every kind.
    expect(label).toBe(file)
  })

  it('that could be either of two files is not guessed', () =>
    expect(read(join(home, 'two alike.jpg'))).rejects.toMatchObject({ code: 'picture_unreachable' }))

  it.each(['IMG_1234.HEIC', 'photo.jfif', 'photo.bmp', 'scan.tiff', '~nobody/x', '~/nothing.jpg'])(
    'that does not exist is reported as such: %s',
    path =>
      expect(read(path)).rejects.toMatchObject({
        code: 'picture_unreachable',
        message: `No readable file at ${path} on this computer.`,
      }),
  )

  it.each(['~/photo.jpg', 'photo.heic', '"/a/b.jpg"', 'C:\\a.jpg', 'file:///a.jpg'])('is refused over HTTP: %s', path =>
    expect(read(path, false)).rejects.toMatchObject({ code: 'picture_refused' }),
  )

  it.each([
    '"\\\\server\\share\\x.jpg"',
    '<//server/share/x.jpg>',
    'file:////server.example.com/x.jpg',
    '%2F%2Fserver/x.jpg',
  ])('on another machine is refused in any wrapping: %s', path =>
    expect(read(path)).rejects.toMatchObject({ code: 'picture_refused' }),
  )
})

const ADDRESS = 'https://host.example.com/a.jpg'

describe('an address', () => {
  it.each([
    `"${ADDRESS}"`,
    `'${ADDRESS}'`,
    `\`${ADDRESS}\``,
    `“${ADDRESS}”`,
    `<${ADDRESS}>`,
    `![x](${ADDRESS})`,
    `[the picture](${ADDRESS} "title")`,
    `[![x](${ADDRESS})](https://host.example.com/page)`,
    `[1]: ${ADDRESS}`,
    `url(${ADDRESS})`,
    `background-image: url("${ADDRESS}");`,
    `<img class="x" src="${ADDRESS}" alt="a mug">`,
    `<a href='${ADDRESS}'>picture</a>`,
    `src="${ADDRESS}"`,
    `image_url: ${ADDRESS}`,
    `URL: ${ADDRESS}`,
    `["${ADDRESS}"]`,
    `{"type": "image_url"`.replace('"type": "image_url"', `"image_url": {"url": "${ADDRESS}"}}`),
    `"\\"${ADDRESS}\\""`,
    `**${ADDRESS}**`,
    `\ufeff ${ADDRESS}\r\n`,
    `${ADDRESS},`,
    `${ADDRESS}.`,
    `${ADDRESS})`,
    `${ADDRESS} please find this mug`,
    'https:\\/\\/host.example.com\\/a.jpg',
    'https%3A%2F%2Fhost.example.com%2Fa.jpg',
    'HTTPS://HOST.example.com/a.jpg',
    'https:/host.example.com/a.jpg',
    '//host.example.com/a.jpg',
    'host.example.com/a.jpg',
    `Here is the picture: ${ADDRESS}. Please search.`,
    `帮我找这个${ADDRESS}，谢谢`,
    `${ADDRESS}。`,
    `{image_url: ${ADDRESS}}`,
    `[img]${ADDRESS}[/img]`,
    `URL:${ADDRESS}`,
    'https：//host.example.com/a.jpg',
    'https//host.example.com/a.jpg',
  ])('in %j is taken', reference => {
    expect(parseReference(reference)).toEqual({ kind: 'address', url: new URL(ADDRESS) })
  })

  it.each([
    ['//cbu01.alicdn.com/img/ibank/x.jpg', 'https://cbu01.alicdn.com/img/ibank/x.jpg'],
    ['cbu01.alicdn.com/img/ibank/x.jpg', 'https://cbu01.alicdn.com/img/ibank/x.jpg'],
    ['www.shop.example/a.jpg', 'https://www.shop.example/a.jpg'],
    ['https://a.example.com/x?b=1&amp;c=2', 'https://a.example.com/x?b=1&c=2'],
    ['https://a.example.com/my\\_photo.jpg', 'https://a.example.com/my_photo.jpg'],
    ['https://a.example.com/x?b=1\\&c\\=2', 'https://a.example.com/x?b=1&c=2'],
    ['https://a.example.com/wiki/Mug_(cup).jpg', 'https://a.example.com/wiki/Mug_(cup).jpg'],
    ['![x](https://a.example.com/Mug_(cup).jpg)', 'https://a.example.com/Mug_(cup).jpg'],
    ['https://a.example.com/a b.jpg', 'https://a.example.com/a%20b.jpg'],
  ])('as %j is %s', (reference, url) => {
    expect(parseReference(reference)).toEqual({ kind: 'address', url: new URL(url) })
  })

  it.each(['jar:http://127.0.0.1!/', 'view-source:https://a.example.com/'])('is not guessed from %j', reference =>
    expect(() => parseReference(reference)).toThrow('does not refer to a picture'),
  )
})

it('several addresses are not one picture', () => {
  for (const text of [
    'https://a.com/1.jpg and https://b.com/2.jpg',
    'This: https://a.com/1 or https://b.com/2',
    'https://a.com/1.jpg,https://b.com/2.jpg',
  ])
    expect(() => parseReference(text)).toThrow('The text holds 2 addresses.')
})

it('the home folder is also known as $HOME', async () => {
  expect(await read('$HOME/photo.jpg')).toMatchObject({ label: 'photo.jpg' })
})

describe('an attachment of a chat', () => {
  const answer = {
    message: expect.stringMatching(/attachments stay in the chat/),
    hint: expect.stringMatching(/Ask for a link to the picture or for its file/),
  }

  it.each([
    '/mnt/data/image.png',
    '/mnt/user-data/uploads/IMG_1234.HEIC',
    'sandbox:/mnt/data/image.png',
    '[image](sandbox:/mnt/data/image.png)',
    'file:///mnt/data/image.png',
    '"/mnt/data/my photo.jpg"',
  ])('is explained where its file is not on this machine: %s', async path => {
    await expect(read(path)).rejects.toMatchObject({ ...answer, code: 'picture_unreachable' })
    await expect(read(path, false)).rejects.toMatchObject({ ...answer, code: 'picture_unreachable' })
  })

  it.each([
    'attachment:image.png',
    'attachment://0',
    'chat_upload://image_0',
    'file-service://file-AbCdEf123456',
    'sediment://file_00000000abcd',
    'file-AbCdEf123456',
    'blob:https://claude.ai/1b2c',
    'cid:image001@01D9',
    'content://media/external/images/1',
    '[Image #1]',
    '<image>',
    'image_0',
    'attached image',
    "the user's uploaded photo",
    'uploaded_image',
    'turn0image1',
    '这张图片',
    '上图',
    '添付画像',
    'imagen adjunta',
    'прикреплённое фото',
  ])('is explained: %s', reference =>
    expect(read(reference)).rejects.toMatchObject({ ...answer, code: 'invalid_input' }),
  )
})

const data = (base64: string) => `data:image/png;base64,${base64}`
const BASE64 = TINY_PNG.toString('base64')

describe('a data: URL', () => {
  it.each([
    ['in quotes', `"${data(BASE64)}"`],
    ['in url()', `url(${data(BASE64)})`],
    ['in quotes in url()', `url("${data(BASE64)}")`],
    ['in Markdown', `![mug](${data(BASE64)})`],
    ['in an element', `<img src="${data(BASE64)}">`],
    ['with escaped line breaks', data(BASE64.replace(/.{40}/g, '$&\\n'))],
    ['with twice-escaped line breaks', data(BASE64.replace(/.{40}/g, '$&\\\\r\\\\n'))],
    ['with escaped slashes', `data:image\\/png;base64,${BASE64.replaceAll('/', '\\/')}`],
    ['with escaped marks', data(BASE64.replaceAll('+', '\\u002b').replaceAll('=', '\\u003d'))],
    ['with blanks for +', data(BASE64.replaceAll('+', ' '))],
    ['with lines joined by blanks', data(BASE64.replace(/.{40}/g, '$& '))],
    ['in the URL-safe alphabet', data(BASE64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''))],
    ['with a blank after the comma', `data:image/png;base64, ${BASE64}`],
    ['with a name', `data:image/png;name=mug.png;base64,${BASE64}`],
    ['with a quoted name that holds a comma', `data:image/png;name="a,b.png";base64,${BASE64}`],
    ['with a character set', `data:image/png;charset=utf-8;base64,${BASE64}`],
    ['without its scheme', `image/png;base64,${BASE64}`],
  ])('%s is read', async (_what, reference) => {
    expect(Buffer.from((await read(reference)).bytes)).toEqual(TINY_PNG)
  })

  it('is read with any + as a blank', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 90 }), async bytes => {
        const base64 = Buffer.from(bytes).toString('base64')
        const mangled = base64.replaceAll('+', ' ')
        // What begins or ends with a blank cannot be told from one that was added; four blanks in equal pieces neither.
        fc.pre(mangled.trim() === mangled && (mangled.split(' ').length - 1) % 4 !== 0)
        expect(Buffer.from((await read(data(mangled))).bytes)).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('of 10 MB in quotes is taken out within a moment', async () => {
    const before = performance.now()
    const { bytes } = await read(`"${data('A'.repeat(13_000_000))}"`)
    expect(bytes).toHaveLength(9_750_000)
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
