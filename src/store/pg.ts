/** The way to pg: import this file dynamically, for only a server with a database needs it. (Bundled, a dynamic import of the package itself would lose the names.) */
export { Pool } from 'pg'
