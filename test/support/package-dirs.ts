/** Owns where tests find what the build makes; `npm test` builds first. */
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '..', '..')

/** The package's assets. */
export const ASSETS_DIR = path.join(ROOT, 'assets')
/** The package's dist: kernels and the picture worker. */
export const DIST_DIR = path.join(ROOT, 'dist')
