import { getUsage } from '../../tools/get-usage.ts'
import type { Command } from '../command.ts'
import { runAsCommand } from '../run-as-command.ts'

export const usageCommand: Command = {
  name: 'usage',
  positionals: '',
  arity: { min: 0, max: 0 },
  summary: 'Show the plan, calls left this minute, credits used, left and saved, and the catalogue.',
  flags: { json: { value: 'switch', help: 'Print JSON instead of text.' } },
  run: context => runAsCommand(getUsage, context, {}),
}
