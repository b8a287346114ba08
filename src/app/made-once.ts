/** Memoizes by key. After a failure the next call tries again. */
export function madeOnce<Key, Made>(make: (key: Key) => Promise<Made>): (key: Key) => Promise<Made> {
  const all = new Map<Key, Promise<Made>>()
  return key => {
    const known = all.get(key)
    if (known) return known
    const made = make(key)
    all.set(key, made)
    made.catch(() => all.delete(key))
    return made
  }
}
