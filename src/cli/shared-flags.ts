/** Flags that mean the same in several commands. */
import type { CommandFlag } from './command.ts'

export const FLAGS = {
  variant: { value: 'NAME', help: 'Name of the variant to price, or a part of it.' },
  currency: {
    value: 'CODE',
    help: 'Also show prices in this currency, such as USD (MCP1688_FX names the source of rates).',
  },
  'dry-run': { value: 'switch', help: 'Only show how many credits it would cost.' },
  'no-pictures': { value: 'switch', help: 'Draw no pictures.' },
  fresh: { value: 'switch', help: 'Ask the upstream even if a fresh answer is cached.' },
  json: { value: 'switch', help: 'Print JSON instead of text.' },
} as const satisfies Record<string, CommandFlag>
