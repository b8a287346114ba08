/**
 * Import this file dynamically, since only a server with a database needs pg; once bundled, a direct dynamic import
 * would lose the names.
 */
export { Pool } from 'pg'
