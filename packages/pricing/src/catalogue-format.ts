/** Price data of one day, in the form of genai-prices' `data.json`; what is not here is left aside. */
export interface Catalogue {
  /** Names the data, such as `genai-prices/0.1.8`. */
  readonly version: string;
  /** The day that the data is of, such as `2026-09-23`. Corrections of a later day beat it. */
  readonly date: string;
  readonly providers: readonly CatalogueProvider[];
}

export interface CatalogueProvider {
  readonly id: string;
  readonly models: readonly CatalogueModel[];
  /** Whose models are sold here, too, at their makers' prices. */
  readonly fallback_model_providers?: readonly string[] | undefined;
}

export interface CatalogueModel {
  readonly id: string;
  readonly name?: string | undefined;
  /** The names that it goes by. */
  readonly match: MatchLogic;
  readonly prices: ModelPrice | readonly ConditionalPrice[];
  readonly context_window?: number | undefined;
  readonly deprecated?: boolean | undefined;
}

/** US dollars per unit, by keys such as `input_mtok`. */
export type ModelPrice = Readonly<Record<string, number | TieredPrice | undefined>>;

/** The whole request at the price of the highest tier that starts below its input. */
export interface TieredPrice {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

/** Of several, the last that holds at a time is in force. */
export interface ConditionalPrice {
  readonly constraint?: PriceConstraint | undefined;
  readonly prices: ModelPrice;
}

export type PriceConstraint =
  | { readonly type: "start_date"; readonly start_date: string }
  | {
      readonly type: "time_of_date";
      readonly start_time: string;
      readonly end_time: string;
    };

export type MatchLogic =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string }
  | { readonly or: readonly MatchLogic[] }
  | { readonly and: readonly MatchLogic[] };
