/** Pictures with which a server died: each is tried once more, alone, and quarantined if a server dies with it again. */

import path from 'node:path'
import type { Logger } from '../../../log.ts'
import type { Job } from '../processes/jobs.ts'
import { ENDS_ALLOWED_TO_A_LISTING, type Quarantine } from './quarantine.ts'
import { createWorkNotes } from './work-notes.ts'

export interface Suspects {
  has(sha256: string): boolean
  begin(job: Job): void
  end(job: Job): void
  close(): void
}

export interface SuspectsOptions {
  folder: string | null
  quarantine: Quarantine
  logger?: Logger | undefined
}

/** Reads what dead servers left at the first question. */
export function createSuspects({ folder, quarantine, logger }: SuspectsOptions): Suspects {
  const notes = createWorkNotes({ folder: folder === null ? null : path.join(folder, 'under-work'), logger })
  const underWork = new Set<Job>()
  let suspects: Set<string> | undefined

  const known = (): Set<string> => {
    if (suspects) return suspects
    suspects = new Set()
    for (const { sha256, owner, wasSuspect } of notes.takeLeft()) {
      logger?.warn('a server died while it decoded a picture', { sha256, wasSuspect })
      if (!wasSuspect) suspects.add(sha256)
      else for (let end = 0; end <= ENDS_ALLOWED_TO_A_LISTING; end++) quarantine.record(sha256, owner, 'server')
    }
    return suspects
  }
  const note = () =>
    notes.write([...underWork].map(({ sha256, owner }) => ({ sha256, owner, wasSuspect: known().has(sha256) })))

  return {
    has: sha256 => known().has(sha256),
    begin(job) {
      underWork.add(job)
      note()
    },
    end(job) {
      underWork.delete(job)
      note()
      // The server survived it.
      known().delete(job.sha256)
    },
    close: notes.close,
  }
}
