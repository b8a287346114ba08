/** Owns how a user's own model is described. */
export interface OnnxModel {
  readonly file: string
}
