/** What the program knows of where it runs. */
export interface Machine {
  platform: NodeJS.Platform
  homeDir: string
  env: Readonly<Record<string, string | undefined>>
  /** The Node that runs this. */
  execPath: string
  /** Characters a line of the terminal at stdout, 0 where it does not tell; `null` where stdout is no terminal. */
  stdoutColumns: number | null
  /** The folder that holds assets/ and dist/. */
  packageDir: string
}
