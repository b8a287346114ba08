/** Where the program runs. */
export interface Machine {
  platform: NodeJS.Platform
  homeDir: string
  env: Readonly<Record<string, string | undefined>>
  /** The path of the running Node. */
  execPath: string
  /** Width of the terminal at stdout in characters, 0 if unknown; `null` if stdout is not a terminal. */
  stdoutColumns: number | null
  /** Contains assets/ and dist/. */
  packageDir: string
}
