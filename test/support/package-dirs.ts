/** `npm test` builds first. */
import path from 'node:path'
import { ROOT } from './program.ts'

export const ASSETS_DIR = path.join(ROOT, 'assets')
export const DIST_DIR = path.join(ROOT, 'dist')
