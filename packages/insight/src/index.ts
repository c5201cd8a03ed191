export { forecastSpend } from "./forecast-spend.ts";
export type { Forecast, ForecastOptions } from "./forecast-spend.ts";
export type { SpendPoint } from "./hourly-series.ts";
