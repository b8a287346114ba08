/** Owns the version: that of package.json. */
export { version } from '../package.json'
