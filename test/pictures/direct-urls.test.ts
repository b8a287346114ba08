import { describe, expect, it } from 'vitest'
import { directUrls } from '../../src/pictures/fetch/direct-urls.ts'
import { createPictureFetcher } from '../../src/pictures/fetch/fetch.ts'
import { TINY_PNG } from '../support/picture-server.ts'
import { startScriptedServer } from '../support/scripted-server.ts'

const ID = '1aBcDeFgHiJkLmNoPqRsTuVwXyZ_0-9ab'
const DRIVE = [
  `https://drive.usercontent.google.com/download?id=${ID}&export=download`,
  `https://drive.google.com/thumbnail?id=${ID}&sz=w2000`,
]
const share = (url: string) =>
  `https://api.onedrive.com/v1.0/shares/u!${Buffer.from(url).toString('base64url')}/driveItem/content`

describe('the link of a sharing service', () => {
  it.each([
    [`https://drive.google.com/file/d/${ID}/view?usp=sharing`, DRIVE],
    [`https://drive.google.com/file/d/${ID}/preview`, DRIVE],
    [`https://drive.google.com/u/0/file/d/${ID}/view`, DRIVE],
    [`https://drive.google.com/open?id=${ID}&usp=drive_fs`, DRIVE],
    [`https://drive.google.com/uc?export=view&id=${ID}`, DRIVE],
    [`https://docs.google.com/uc?id=${ID}`, DRIVE],
    [`https://drive.google.com/file/d/${ID}/view?resourcekey=0-ab`, DRIVE.map(direct => `${direct}&resourcekey=0-ab`)],
    ['https://www.dropbox.com/s/abc/mug.jpg?dl=0', ['https://www.dropbox.com/s/abc/mug.jpg?raw=1']],
    [
      'https://www.dropbox.com/scl/fi/abc/mug.jpg?rlkey=k&st=s&dl=0',
      ['https://www.dropbox.com/scl/fi/abc/mug.jpg?rlkey=k&st=s&raw=1'],
    ],
    ['https://1drv.ms/i/s!AbC', [share('https://1drv.ms/i/s!AbC')]],
    [
      'https://onedrive.live.com/embed?resid=A!1&authkey=!k',
      [
        'https://onedrive.live.com/download?resid=A%211&authkey=%21k',
        share('https://onedrive.live.com/embed?resid=A!1&authkey=!k'),
      ],
    ],
    [
      'https://firm-my.sharepoint.com/:i:/g/personal/a/Eabc?e=x',
      ['https://firm-my.sharepoint.com/:i:/g/personal/a/Eabc?e=x&download=1'],
    ],
    ['https://imgur.com/AbCdEfG', ['https://i.imgur.com/AbCdEfG.jpg']],
    ['https://m.imgur.com/AbCdEfG', ['https://i.imgur.com/AbCdEfG.jpg']],
    ['https://i.imgur.com/AbCdEfG.gifv', ['https://i.imgur.com/AbCdEfG.jpg']],
    [
      'https://www.google.com/imgres?imgurl=https%3A%2F%2Fshop.example.com%2Fa.jpg&tbnid=1',
      ['https://shop.example.com/a.jpg'],
    ],
  ])('%s leads to the file', (link, direct) => {
    expect(directUrls(new URL(link)).map(String)).toEqual(direct)
  })

  it.each([
    'https://i.imgur.com/AbCdEfG.png',
    'https://imgur.com/a/AbCdE',
    'https://imgur.com/gallery/red-mug-AbCdEfG',
    `https://drive.google.com/drive/folders/${ID}`,
    'https://dl.dropboxusercontent.com/s/abc/mug.jpg',
    'https://drive.google.com.evil.com/file/d/1aBcDeFgHiJ/view',
    'https://notdropbox.com/s/abc/mug.jpg?dl=0',
    'https://firm.sharepoint.com/sites/x/mug.jpg',
    'https://shop.example.com/a.jpg',
  ])('%s is left as it is', link => {
    expect(directUrls(new URL(link)).map(String)).toEqual([link])
  })
})

it('the second address is read if the first one has no picture', async () => {
  const server = await startScriptedServer(({ address }, response) => {
    if (address.includes('/a.')) response.writeHead(404).end()
    else response.end(TINY_PNG)
  })
  const { resolve, createConnector } = server.network
  const fetcher = createPictureFetcher({ maxBytes: 1_000, timeoutMs: 5_000, resolve, createConnector })
  const urls = ['http://shop.example.com/a.jpg', 'http://shop.example.com/b.jpg'].map(url => new URL(url))
  expect(await fetcher.fetch(urls)).toMatchObject({ url: urls[1], page: null })
  await fetcher.close()
  await server.close()
})
