import { systemClock } from '../../../src/time/clock.ts'
import { createParse } from '../../../src/upstreams/parse/upstream.ts'
import { describeUpstream } from '../../contract/upstream-suite.ts'
import { addKey } from '../../http/service.ts'
import { makeTempDir } from '../../support/program.ts'
import { startServe } from '../../support/serve-process.ts'

describeUpstream('another mcp-1688 over its REST interface', async () => {
  const dir = makeTempDir()
  const { text } = await addKey(dir)
  const server = await startServe(dir.path)
  const upstream = createParse({ baseUrl: server.url, apiKey: text, clock: systemClock })
  const close = async () => {
    await upstream.close()
    await server.close()
    dir.remove()
  }
  return { upstream, unknownOfferId: '99999', close }
})
