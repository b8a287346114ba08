/** How the photo picker is put into the page of the grid, and into the page for a photo. */
import type { Host, ToolResult } from '../bridge/host.ts'
import type { GridPage, Likeness } from '../replies/offers.ts'
import type { PickerLabels } from './labels.ts'
import type { PickerOptions } from './picker.ts'

/** What the search with picked photos found. */
export interface FoundByPhoto {
  result: ToolResult
  /** data: URLs. */
  photos: readonly string[]
  /** What the model is told, and told again with whatever the person does next. */
  told: string
}

export interface PhotoSearchDeps {
  host: Host
  locale: string
  onFound(found: FoundByPhoto): void
  /** Goes back to the offers; `null` if there are none. */
  back: HTMLElement | null
  /** Of the grid, so that the picker need not bring its own. */
  readPage(reply: unknown): GridPage | null
  wordOf(likeness: Likeness): string
  /** What the person is told when a search has failed. */
  problem(result: ToolResult): string
}

/** The picker's own script runs first. It is absent where the server has no tool that takes picked photos. */
export interface Picker {
  /** For the page of the grid: the picker, which searches through the host. */
  createPhotoSearch(deps: PhotoSearchDeps): HTMLElement[]
  /** For the page for a photo. */
  createPicker(options: PickerOptions): HTMLElement
  pickerLabelsOf(locale: string): PickerLabels
}

declare global {
  interface Window {
    picker?: Picker
  }
}
