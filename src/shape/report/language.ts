export const LANGUAGES = ['en', 'zh'] as const

/** Of a page or sheet that a person gets. */
export type Language = (typeof LANGUAGES)[number]
