/** The addresses of the file itself behind the links that sharing services show. */

/**
 * @returns what to fetch instead of a link of Google Drive, Dropbox, OneDrive, SharePoint, imgur or Google's image
 * search, in the order to try; any other URL alone, unchanged.
 */
export function directUrls(url: URL): URL[] {
  const host = url.hostname.replace(/^www\./, '')
  if (host === 'drive.google.com' || host === 'docs.google.com') return googleDrive(url)
  if (/^google\.[a-z.]{2,6}$/.test(host)) return googleSearch(url)
  if (host === 'dropbox.com') return [withParameters(url, { raw: '1' }, ['dl'])]
  if (host === '1drv.ms' || host === 'onedrive.live.com') return oneDrive(url)
  if (/^[\w-]+\.sharepoint\.com$/.test(host) && url.pathname.startsWith('/:'))
    return [withParameters(url, { download: '1' })]
  if (/^(?:m\.|i\.)?imgur\.com$/.test(host)) return imgur(url)
  return [url]
}

/** `/file/d/ID/view`, `/open?id=ID`, `/uc?id=ID`. The thumbnail is a JPEG of whatever was uploaded. */
function googleDrive(url: URL): URL[] {
  const id = /\/(?:file|uc)\/d\/([\w-]{10,})/.exec(url.pathname)?.[1] ?? url.searchParams.get('id')
  if (id === null || !/^\/(?:file|open|uc|thumbnail)\b|^\/u\/\d+\/(?:file|open|uc)\b/.test(url.pathname)) return [url]
  const key = url.searchParams.get('resourcekey')
  const more = key === null ? {} : { resourcekey: key }
  return [
    withParameters(new URL('https://drive.usercontent.google.com/download'), { id, export: 'download', ...more }),
    withParameters(new URL('https://drive.google.com/thumbnail'), { id, sz: 'w2000', ...more }),
  ]
}

/** A result of the image search names the picture that it shows. */
function googleSearch(url: URL): URL[] {
  const shown = url.pathname === '/imgres' ? url.searchParams.get('imgurl') : null
  return shown !== null && URL.canParse(shown) ? [new URL(shown)] : [url]
}

/** https://learn.microsoft.com/en-us/onedrive/developer/rest-api/api/shares_get */
function oneDrive(url: URL): URL[] {
  const shared = Buffer.from(url.href).toString('base64url')
  const byShare = new URL(`https://api.onedrive.com/v1.0/shares/u!${shared}/driveItem/content`)
  const file = url.searchParams.get('resid') ?? url.searchParams.get('id')
  if (url.hostname !== 'onedrive.live.com' || file === null) return [byShare]
  const key = url.searchParams.get('authkey')
  const direct = new URL('https://onedrive.live.com/download')
  return [withParameters(direct, { resid: file, ...(key === null ? {} : { authkey: key }) }), byShare]
}

/** imgur sends the picture as what it is, whatever the ending says. Albums and galleries are pages. */
function imgur(url: URL): URL[] {
  const id = /^\/([A-Za-z\d]{5,8})(?:\.[a-z\d]{3,4})?$/.exec(url.pathname)?.[1]
  const isVideo = /\.(?:gifv|mp4|webm)$/.test(url.pathname)
  if (id === undefined || (url.hostname.startsWith('i.') && !isVideo)) return [url]
  return [new URL(`https://i.imgur.com/${id}.jpg`)]
}

function withParameters(url: URL, added: Readonly<Record<string, string>>, removed: readonly string[] = []): URL {
  const changed = new URL(url)
  for (const name of removed) changed.searchParams.delete(name)
  for (const [name, value] of Object.entries(added)) changed.searchParams.set(name, value)
  return changed
}
