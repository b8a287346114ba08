/** The address that stands for no picture: the API on Parse demands an image_url though it ignores it, and so does our own REST. */

/** Sent where a page of an upstream's index is wanted as it is; no picture is known to be there. */
export const INDEX_PICTURE_URL = 'https://cbu01.alicdn.com/img/ibank/index.jpg'
