/**
 * The tools as lists show them. scripts/build.mjs replaces this module by its result, so that starting the server loads
 * no tool.
 */
import type { ListedTool } from './define.ts'
import { TOOLS } from './list.ts'

export const LISTED_TOOLS: readonly ListedTool[] = TOOLS.map(tool => {
  const { input, output, handle, ...listing } = tool
  return { ...listing, load: async () => tool }
})
