/** Where tests find what the build makes; `npm test` builds first. */
import path from 'node:path'
import { ROOT } from './program.ts'

/** The package's assets. */
export const ASSETS_DIR = path.join(ROOT, 'assets')
/** The package's dist: kernels and the picture worker. */
export const DIST_DIR = path.join(ROOT, 'dist')
