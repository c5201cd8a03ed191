/** A provider of ours, for one signal that the app has no provider for. */
export interface PrivateProvider<Instrument> {
  /** `undefined` when nothing is to be exported. */
  readonly instrument: Instrument | undefined;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}
