import { createSqlitePhotoStore } from '../../../src/pictures/upload/sqlite/photo-store.ts'
import { describePhotoStore } from '../../contract/photo-suite.ts'
import { twoOpenings } from '../../support/two-openings.ts'

describePhotoStore('picked photos on SQLite', async () => twoOpenings(createSqlitePhotoStore))
