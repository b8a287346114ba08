/**
 * Identifies weights and preprocessing: a change to either makes old vectors incomparable and needs a new number. Kept
 * in a separate file, so that the main thread need not load the model.
 */
export const BUILTIN_ID = 'mnv3s-fg-512/1'

/** The model of earlier releases, which still embeds queries for rows whose vector has not been remade. */
export const PREVIOUS_ID = 'mnv3s-lab-512/2'
