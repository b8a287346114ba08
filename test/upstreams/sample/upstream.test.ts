import path from 'node:path'
import { createSample } from '../../../src/upstreams/sample/upstream.ts'
import { describeUpstream } from '../../contract/upstream-suite.ts'
import { ROOT } from '../../support/program.ts'

describeUpstream('sample', async () => {
  const upstream = createSample(path.join(ROOT, 'assets/sample'))
  return { upstream, unknownOfferId: '99999', close: upstream.close }
})
