/** The name of the model inside the package; apart from the model, so that the main thread need not load that. */

/** Names weights and preparation together: a change of either makes old vectors incomparable and needs another number. */
export const BUILTIN_ID = 'mnv3s-lab-512/2'
