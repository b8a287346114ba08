/**
 * Placeholder where a page of the index is wanted: the API on Parse and our REST API require an image_url but ignore
 * it.
 */
export const INDEX_PICTURE_URL = 'https://cbu01.alicdn.com/img/ibank/index.jpg'
