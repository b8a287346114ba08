/** How the photo picker is put into the page of the grid, and into the page for a photo. */
import type { Host, ToolResult } from '../bridge/host.ts'
import type { GridPage } from '../replies/offers.ts'
import type { PickerLabels } from './labels.ts'
import type { PickerOptions } from './picker.ts'

export interface PhotoPickerDeps {
  host: Host
  locale: string
  /** Of the grid, so that the picker need not bring its own. */
  readPage(reply: unknown): GridPage | null
  /** @param told what the model is told, and told again with whatever the person does next. */
  onFound(result: ToolResult, told: string): void
  /** The person wants to pick another photo. */
  onAgain(): void
}

export interface PhotoPicker {
  element: HTMLElement
  /** Goes above the offers: the photo that was searched with, and a button for another. */
  again: HTMLElement
}

declare global {
  interface Window {
    /** Set by the picker's own script, which runs first. */
    createPhotoPicker?: (deps: PhotoPickerDeps) => PhotoPicker
    /** For the page for a photo, likewise. */
    picker?: {
      createPicker(options: PickerOptions): HTMLElement
      pickerLabelsOf(locale: string): PickerLabels
    }
  }
}
